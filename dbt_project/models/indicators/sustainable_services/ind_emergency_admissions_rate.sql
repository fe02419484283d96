-- Emergency spells of all ages by month of admission; the population is the denominator.
select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_admission_spell') }}
where {{ is_counted('emergency_admissions_rate') }}
group by all
