-- Attendances, planned follow-ups left out, and those of 240 minutes or less. Trusts and England as published, with booked attendances; sites and
-- places from the hospital's own records, where both times are known.
with

published as (select * from {{ ref('stg_public__nhse_ae_monthly') }}),

providers as (select * from {{ ref('area') }} where area_type = 'provider'),

timed as (
    select
        *,
        seconds_in_department <= {{ indicator_parameter('ae_four_hour', 'maximum_minutes') }} * 60 as is_in_time
    from {{ ref('int_ed_attendance') }}
    where is_emergency_department and not is_planned_follow_up and seconds_in_department is not null
),

counted as (
    select month_start, lsoa11 as area_code, pcn_code, sex, age_band,
        count(*) filter (where is_in_time) as numerator, count(*) as denominator
    from timed
    where lsoa11 is not null or pcn_code is not null
    group by all
    union all
    select month_start, site, null, sex, age_band, count(*) filter (where is_in_time), count(*)
    from timed
    group by all
    union all
    select published.period_start, published.provider, null, null, null,
        published.attendances - published.attendances_over_4h, published.attendances
    from published
    inner join providers on published.provider = providers.area_code
    union all
    select period_start, 'E92000001', null, null, null,
        sum(attendances - attendances_over_4h), sum(attendances)
    from published
    group by period_start
)

select month_start as period_start, area_code, pcn_code, sex, age_band, numerator, denominator
from counted
