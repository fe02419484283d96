-- Referrals for reablement, not from a hospital bed, and those with a first contact within 48 hours, by month of
-- referral; where a time is missing, within two calendar days.
{% set hours = indicator_parameter('reablement_two_day', 'maximum_hours') %}
select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) filter (
        where case
            when referred_at is not null and first_contact_at is not null
                then first_contact_at <= referred_at + interval {{ hours }} hour
            else first_contact_date <= referral_date + interval {{ hours }} hour
        end
    ) as numerator,
    count(*) as denominator
from {{ ref('int_community_referral') }}
where team_type = '52' and source_of_referral is distinct from '06'
group by all
