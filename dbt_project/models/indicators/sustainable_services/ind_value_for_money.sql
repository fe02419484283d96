-- Pounds saved against the same month of 2016/17, by network; the district is the three networks together.
select
    month_start as period_start,
    '{{ var('district_code') }}' as area_code,
    pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    cast({{ strict_sum('saving') }} as decimal(18, 2)) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_avoided_cost') }}
group by all
