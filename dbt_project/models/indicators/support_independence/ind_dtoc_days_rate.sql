-- Delayed days by month: patients of Bassetlaw Hospital whom Nottinghamshire is responsible for, as the working list
-- carries no address.
select
    month_start as period_start,
    '{{ var("district_code") }}' as area_code,
    pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    sum(days) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_delayed_days') }}
where site = 'RP5BA' and responsible_la = 'E10000024'
group by all
