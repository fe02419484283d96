-- Grain: child × quarter. Children with a contact of a mental health team in education, or whose teenage counselling
-- began, in the quarter; a child found in both counts once. The voluntary sector tells the first contact only.
{% set threshold = indicator_parameter %}
with

cases as (select * from {{ ref('stg_bcvs__bcvs_social_prescribing') }}),

contacts as (select * from {{ ref('stg_mental_health_trust__nhft_mh_contacts') }}),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }}),

met as (
    select coalesce(person_key, case_key) as child_key, first_contact_date as met_on, age, sex, lsoa11, gp_practice
    from cases
    where service_type = 'teenage_counselling'
    union all
    select coalesce(person_key, service_request_key), contact_date, age, sex, lsoa11, gp_practice
    from contacts
    where team_type = 'D06' and attended in ('5', '6')
)

select
    met.child_key,
    cast(date_trunc('quarter', met.met_on) as date) as quarter_start,
    min(lsoas.lsoa11_code) as lsoa11,
    min(practices.pcn_code) as pcn_code,
    min(met.sex) as sex,
    {{ age_band('min(met.age)') }} as age_band
from met
left join practices on met.gp_practice = practices.practice_code
left join lsoas on met.lsoa11 = lsoas.lsoa11_code
where met.met_on is not null
    and met.age between {{ threshold('cyp_school_counselling', 'minimum_age') }}
        and {{ threshold('cyp_school_counselling', 'maximum_age') }}
group by all
