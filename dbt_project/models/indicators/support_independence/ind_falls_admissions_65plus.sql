-- Emergency admissions at 65 and over with an injury after a fall, by month of admission.
select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_admission_spell') }}
where is_emergency and not is_regular_attender
    and is_injury and is_fall
    and age >= {{ indicator_parameter('falls_admissions_65plus', 'minimum_age') }}
group by all
