-- Grain: referral to a mental health team, with its first face-to-face contact to which the person came. A referral is
-- repeated on every contact and in later files; a value that one of them lacks is taken from another.
with

contacts as (select * from {{ ref('stg_mental_health_trust__nhft_mh_contacts') }}),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }}),

referred as (
    select
        service_request_key,
        team_type,
        min(person_key) as person_key,
        min(age) as age,
        min(sex) as sex,
        min(lsoa11) as lsoa11,
        min(gp_practice) as gp_practice,
        min(source_of_referral) as source_of_referral,
        min(site) as site,
        min(referral_date) as referral_date,
        min(referred_at) as referred_at
    from contacts
    group by service_request_key, team_type
),

-- On a day with a contact of unknown time nobody can tell which came first: that one does.
first_seen as (
    select service_request_key, team_type, contacted_at
    from contacts
    where medium = '01' and attended in ('5', '6') and contact_date is not null
    qualify row_number() over (
        partition by service_request_key, team_type order by contact_date, contacted_at nulls first
    ) = 1
)

select
    referred.service_request_key,
    referred.team_type,
    cast(date_trunc('month', referred.referral_date) as date) as month_start,
    referred.source_of_referral,
    referred.site,
    lsoas.lsoa11_code as lsoa11,
    practices.pcn_code,
    referred.sex,
    {{ age_band('referred.age') }} as age_band,
    {{ elapsed_seconds('referred.referred_at', 'first_seen.contacted_at') }} as seconds_to_contact
from referred
left join first_seen
    on referred.service_request_key = first_seen.service_request_key
    and referred.team_type = first_seen.team_type
left join practices on referred.gp_practice = practices.practice_code
left join lsoas on referred.lsoa11 = lsoas.lsoa11_code
