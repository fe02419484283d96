-- People with a learning disability, all programmes pooled, at the end of each quarter: the line for all practices
-- together, as most single practices are hidden.
select
    month_start as period_start,
    '{{ var('district_code') }}' as area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    {{ strict_sum('numerator') }} as numerator,
    sum(denominator) as denominator
from {{ ref('int_practice_return') }}
where sheet = 'screening' and practice_code = '02Q' and measure like '%\_ld' escape '\'
group by all
