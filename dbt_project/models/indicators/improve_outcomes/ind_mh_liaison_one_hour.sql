-- Referrals from the emergency department to psychiatric liaison, and those known to have been seen within the hour, by
-- month of referral: where people live, and the site. Whom nobody saw, or without both times, was not seen in time.
with

referrals as (
    select *, seconds_to_contact <= {{ indicator_parameter('mh_liaison_one_hour', 'maximum_minutes') }} * 60 as is_in_time
    from {{ ref('int_mental_health_referral') }}
    where team_type = 'A11' and source_of_referral = 'H1'
)

select
    month_start as period_start,
    lsoa11 as area_code,
    cast(null as varchar) as pcn_code,
    sex,
    age_band,
    count(*) filter (where is_in_time) as numerator,
    count(*) as denominator
from referrals
where lsoa11 is not null
group by all

union all

select month_start, site, null, sex, age_band, count(*) filter (where is_in_time), count(*)
from referrals
where site is not null
group by all
