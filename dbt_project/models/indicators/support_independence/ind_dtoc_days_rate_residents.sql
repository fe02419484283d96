-- Delayed days by month as published: the county, and England as the sum of all authorities.
with

published as (select * from {{ ref('stg_public__nhse_dtoc_la') }}),

counted as (
    select period_start, area_code, total_days
    from published
    where area_code = 'E10000024'
    union all
    select period_start, 'E92000001', sum(total_days)
    from published
    group by period_start
)

select
    period_start,
    area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    total_days as numerator,
    cast(null as bigint) as denominator
from counted
