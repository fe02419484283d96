-- Finished courses that began at caseness, and those of them below caseness on both questionnaires at the end, by month
-- of discharge.
select
    finished_month as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) filter (where is_below_at_end) as numerator,
    count(*) as denominator
from {{ ref('int_therapy_course') }}
where finished_month is not null and is_case_at_start
group by all
