-- Delayed days by month. The county and England as published; Bassetlaw: patients of Bassetlaw Hospital whom
-- Nottinghamshire is responsible for, as the working list carries no address.
with

published as (select * from {{ ref('stg_public__nhse_dtoc_la') }}),

local_days as (select * from {{ ref('int_delayed_days') }}),

counted as (
    select month_start, 'E07000171' as area_code, pcn_code, sum(days) as days
    from local_days
    where site = 'RP5BA' and responsible_la = 'E10000024'
    group by all
    union all
    select period_start, area_code, null, total_days
    from published
    where area_code = 'E10000024'
    union all
    select period_start, 'E92000001', null, sum(total_days)
    from published
    group by period_start
)

select
    month_start as period_start,
    area_code,
    pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    days as numerator,
    cast(null as bigint) as denominator
from counted
