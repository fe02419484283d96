-- Urgent referrals to the crisis response team whose times can be told, and those visited within two hours, by month of
-- referral. A referral that nobody visited was not visited in time.
select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) filter (
        where date_diff('second', referred_at, first_visit_at)
            <= {{ indicator_parameter('ucr_two_hour', 'maximum_minutes') }} * 60
    ) as numerator,
    count(*) as denominator
from {{ ref('int_community_referral') }}
where team_type = '51' and priority = '2'
    and referred_at is not null
    and (first_visit_date is null or first_visit_at is not null)
group by all
