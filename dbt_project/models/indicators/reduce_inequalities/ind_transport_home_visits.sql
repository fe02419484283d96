-- Home visits by practice and month, as the newest pack states the month.
select
    month_start as period_start,
    practice_code as area_code,
    pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    numerator,
    cast(null as bigint) as denominator
from {{ ref('int_practice_return') }}
where sheet = 'gp_activity' and measure = 'home_visits' and pcn_code is not null
