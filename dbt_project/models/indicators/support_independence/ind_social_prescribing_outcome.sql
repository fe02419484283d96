-- Closed cases with life satisfaction at both ends, and those at least one point better, by month of closure.
select
    closed_month as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) filter (
        where satisfaction_end - satisfaction_start
            >= {{ indicator_parameter('social_prescribing_outcome', 'minimum_gain') }}
    ) as numerator,
    count(*) as denominator
from {{ ref('int_social_prescribing_case') }}
where closed_month is not null and satisfaction_start is not null and satisfaction_end is not null
group by all
