-- New admissions to care homes for good at 65 and over, by month of admission. The population is the denominator.
select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_care_home_admission') }}
where not is_self_funded
    and age >= {{ indicator_parameter('long_term_care_admissions_65plus', 'minimum_age') }}
group by all
