-- People of 65 and over discharged into reablement, and those at home on day 91, by month of discharge. A discharge
-- counts when the whole time after it is known.
select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) filter (where not (has_died or is_in_hospital or is_in_care_home)) as numerator,
    count(*) as denominator
from {{ ref('int_discharge_into_reablement') }}
where is_known and age >= {{ indicator_parameter('reablement_at_home_91_days', 'minimum_age') }}
group by all
