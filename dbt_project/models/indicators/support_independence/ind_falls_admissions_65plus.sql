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
where {{ is_counted('falls_admissions_65plus') }}
group by all
