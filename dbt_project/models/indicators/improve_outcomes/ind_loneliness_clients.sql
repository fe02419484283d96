-- Closed cases with a loneliness score at both ends, and those still lonely at the end, by month of closure.
select
    closed_month as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) filter (
        where loneliness_end >= {{ indicator_parameter('loneliness_clients', 'lonely_from') }}
    ) as numerator,
    count(*) as denominator
from {{ ref('int_social_prescribing_case') }}
where closed_month is not null and loneliness_start is not null and loneliness_end is not null
group by all
