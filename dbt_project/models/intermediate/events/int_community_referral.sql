-- Grain: referral to community services, with its first contact and first visit (face to face) to which the person
-- came. A referral is repeated on every contact and in later files; a value that one lacks is taken from another.
with

contacts as (select * from {{ ref('stg_mental_health_trust__nhft_community') }}),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }}),

referred as (
    select
        service_request_key,
        min(age) as age,
        min(sex) as sex,
        min(lsoa11) as lsoa11,
        min(gp_practice) as gp_practice,
        min(team_type) as team_type,
        min(priority) as priority,
        min(source_of_referral) as source_of_referral,
        min(referral_date) as referral_date,
        min(referred_at) as referred_at
    from contacts
    group by service_request_key
),

-- On a day with a contact of unknown time nobody can tell which came first: that one does.
seen as (
    select
        *,
        row_number() over (
            partition by service_request_key order by contact_date, contacted_at nulls first
        ) as place,
        row_number() over (
            partition by service_request_key, medium order by contact_date, contacted_at nulls first
        ) as place_of_medium
    from contacts
    where attended in ('5', '6') and contact_date is not null
)

select
    referred.service_request_key,
    cast(date_trunc('month', referred.referral_date) as date) as month_start,
    referred.team_type,
    referred.priority,
    referred.source_of_referral,
    lsoas.lsoa11_code as lsoa11,
    practices.pcn_code,
    referred.sex,
    {{ age_band('referred.age') }} as age_band,
    referred.referral_date,
    referred.referred_at,
    first_contact.contact_date as first_contact_date,
    first_contact.contacted_at as first_contact_at,
    first_visit.contact_date as first_visit_date,
    first_visit.contacted_at as first_visit_at
from referred
left join seen as first_contact
    on referred.service_request_key = first_contact.service_request_key and first_contact.place = 1
left join seen as first_visit
    on referred.service_request_key = first_visit.service_request_key
    and first_visit.medium = '01' and first_visit.place_of_medium = 1
left join practices on referred.gp_practice = practices.practice_code
left join lsoas on referred.lsoa11 = lsoas.lsoa11_code
