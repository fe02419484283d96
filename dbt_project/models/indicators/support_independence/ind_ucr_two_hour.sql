-- Urgent referrals to the crisis response team, and those known to have been visited within two hours, by month of
-- referral. A referral that nobody visited, or without both times, was not visited in time.
select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) filter (
        where {{ elapsed_seconds('referred_at', 'first_visit_at') }}
            <= {{ indicator_parameter('ucr_two_hour', 'maximum_minutes') }} * 60
    ) as numerator,
    count(*) as denominator
from {{ ref('int_community_referral') }}
where team_type = '51' and priority = '2'
group by all
