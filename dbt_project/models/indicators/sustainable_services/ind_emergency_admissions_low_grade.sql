-- Emergency spells of at most one night for an ambulatory care sensitive condition, by month of admission.
select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_admission_spell') }}
where {{ is_counted('emergency_admissions_low_grade') }}
group by all
