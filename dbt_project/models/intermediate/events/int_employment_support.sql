-- Grain: episode of employment support of somebody of working age with a long-term condition who was not in work
-- when it began: in talking therapies, or as the reason of a social prescribing case.
{% set threshold = indicator_parameter %}
{% set weeks_after = threshold('ltc_supported_into_work', 'weeks_after') %}
with

referrals as (select * from {{ ref('stg_mental_health_trust__nhft_iapt') }}),

statuses as (select * from {{ ref('stg_mental_health_trust__nhft_iapt_employment') }}),

cases as (select * from {{ ref('stg_bcvs__bcvs_social_prescribing') }}),

registered as (
    select person_key, coalesce(max(ltc_count) >= 1, false) as has_condition
    from {{ ref('int_register') }}
    where person_key is not null
    group by person_key
),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }}),

therapy as (
    select
        referrals.service_request_key as episode_key,
        arg_max(statuses.employment_status, statuses.employment_status_date) filter (
            where statuses.employment_status_date <= referrals.emp_support_referral_date
        ) as status_before,
        min(statuses.employment_status_date) filter (
            where statuses.employment_status = '01'
                and statuses.employment_status_date > referrals.emp_support_referral_date
                and statuses.employment_status_date
                    <= coalesce(referrals.discharge_date, date '9999-01-01') + interval {{ weeks_after }} week
        ) as into_work_on
    from referrals
    inner join statuses on referrals.service_request_key = statuses.service_request_key
    where referrals.emp_support_referral_date is not null
    group by referrals.service_request_key
),

episodes as (
    select therapy.*, referrals.person_key, referrals.emp_support_referral_date as started_on, referrals.age,
        referrals.sex, referrals.lsoa11, referrals.gp_practice, referrals.ltc is not null as has_condition
    from therapy
    inner join referrals on therapy.episode_key = referrals.service_request_key
    union all by name
    -- The status at the end of a case is known when it is closed.
    select case_key as episode_key, person_key, first_contact_date as started_on, age, sex, lsoa11, gp_practice,
        employment_status_start as status_before, false as has_condition,
        case when employment_status_end = '01' then closed_date end as into_work_on
    from cases
    where referral_reason like '%employment%' and first_contact_date is not null
)

select
    episodes.episode_key,
    -- Somebody without a usable NHS number is a person of their own.
    coalesce(episodes.person_key, episodes.episode_key) as person_or_episode_key,
    episodes.started_on,
    cast(episodes.into_work_on as date) as into_work_on,
    lsoas.lsoa11_code as lsoa11,
    practices.pcn_code,
    episodes.sex,
    {{ age_band('episodes.age') }} as age_band
from episodes
left join registered on episodes.person_key = registered.person_key
left join practices on episodes.gp_practice = practices.practice_code
left join lsoas on episodes.lsoa11 = lsoas.lsoa11_code
where episodes.status_before in ('02', '04', '06')
    and (episodes.has_condition or registered.has_condition)
    and episodes.age between {{ threshold('ltc_supported_into_work', 'minimum_age') }}
        and {{ threshold('ltc_supported_into_work', 'maximum_age') }}
