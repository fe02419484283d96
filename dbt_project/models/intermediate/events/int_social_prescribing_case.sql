-- Grain: case of social prescribing, with place of residence and network. Teenage counselling comes in the same file and is
-- another service, with indicators of its own.
with

cases as (
    select * from {{ ref('stg_bcvs__bcvs_social_prescribing') }}
    where service_type is distinct from 'teenage_counselling'
),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }})

select
    cases.case_key,
    -- A case without a usable NHS number is a person of its own.
    coalesce(cases.person_key, cases.case_key) as person_or_case_key,
    lsoas.lsoa11_code as lsoa11,
    practices.pcn_code,
    cases.sex,
    {{ age_band('cases.age') }} as age_band,
    cast(date_trunc('month', cases.closed_date) as date) as closed_month,
    cases.satisfaction_start,
    cases.satisfaction_end,
    cases.loneliness_start,
    cases.loneliness_end,
    cases.pam_score_start,
    cases.pam_score_end,
    cases.pam_date_start,
    cases.pam_date_end
from cases
left join practices on cases.gp_practice = practices.practice_code
left join lsoas on cases.lsoa11 = lsoas.lsoa11_code
