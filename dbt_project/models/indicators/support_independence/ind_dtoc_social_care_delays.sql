-- Delayed days attributable to social care by month: the hospital's patients, and those of them whom
-- Nottinghamshire is responsible for as the district. A month without such a delay, but with a list, counts 0.
with

local_days as (select * from {{ ref('int_delayed_days') }}),

counted as (
    select month_start, site as area_code, days, attributable_to
    from local_days
    where site = 'RP5BA'
    union all
    select month_start, 'E07000171', days, attributable_to
    from local_days
    where site = 'RP5BA' and responsible_la = 'E10000024'
)

select
    month_start as period_start,
    area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    coalesce(sum(days) filter (where attributable_to = 'Social Care'), 0) as numerator,
    cast(null as bigint) as denominator
from counted
group by all
