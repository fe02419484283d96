-- Unplanned first attendances by month; growth compares a period with the same a year before, so there is no
-- denominator here. Sites count everybody, places their residents or registered people.
with

attendances as (
    select * from {{ ref('int_ed_attendance') }}
    where {{ is_counted('ae_attendance_growth') }}
)

select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from attendances
where lsoa11 is not null or pcn_code is not null
group by all

union all

select month_start, site, null, sex, age_band, count(*), null
from attendances
group by all
