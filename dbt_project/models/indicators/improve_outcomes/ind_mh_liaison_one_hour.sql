-- Referrals from the emergency department to psychiatric liaison with both times, and those seen within the hour, by
-- month of referral: where people live, and the site.
with

referrals as (
    select *, minutes_to_contact <= {{ indicator_parameter('mh_liaison_one_hour', 'maximum_minutes') }} as is_in_time
    from {{ ref('int_mental_health_referral') }}
    where team_type = 'A11' and source_of_referral = 'H1' and minutes_to_contact is not null
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
