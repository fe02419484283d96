-- Cost of what the practices prescribed, and the prescribing units of their lists, by month.
select
    prescribing.month_start as period_start,
    prescribing.practice_code as area_code,
    prescribing.pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    cast(prescribing.actual_cost as decimal(18, 2)) as numerator,
    lists.astro_pu as denominator
from {{ ref('int_prescribing_month') }} as prescribing
asof left join {{ ref('int_practice_list') }} as lists
    on prescribing.practice_code = lists.practice_code and prescribing.month_start >= lists.holds_from
