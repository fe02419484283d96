-- Grain: referral to talking therapies, with what it takes to say whether treatment began, finished and helped.
{% set threshold = indicator_parameter %}
with

referrals as (select * from {{ ref('stg_mental_health_trust__nhft_iapt') }}),

contacts as (select * from {{ ref('stg_mental_health_trust__nhft_iapt_contacts') }}),

scores as (select * from {{ ref('stg_mental_health_trust__nhft_iapt_scores') }}),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }}),

-- Appointment types with treatment in them, to which the person came.
treated as (
    select service_request_key, min(contact_date) as first_treatment, count(*) as treatments
    from contacts
    where appointment_type in ('02', '03', '05') and attended in ('5', '6')
    group by service_request_key
),

ends as (
    select
        service_request_key,
        tool,
        arg_min(score, score_date) as first_score,
        arg_max(score, score_date) as last_score,
        case tool
            when '720433000' then {{ threshold('iapt_recovery', 'phq9_caseness') }}
            else {{ threshold('iapt_recovery', 'gad7_caseness') }}
        end as caseness
    from scores
    where tool in ('720433000', '445455005')
    group by service_request_key, tool
    having count(distinct score_date) >= 2
),

-- PHQ-9 and GAD-7, each at least twice.
measured as (
    select
        service_request_key,
        bool_or(first_score >= caseness) as is_case_at_start,
        bool_and(last_score < caseness) as is_below_at_end
    from ends
    group by service_request_key
    having count(*) = 2
)

select
    referrals.service_request_key,
    lsoas.lsoa11_code as lsoa11,
    practices.pcn_code,
    referrals.sex,
    {{ age_band('referrals.age') }} as age_band,
    cast(date_trunc('month', treated.first_treatment) as date) as entered_month,
    case
        when treated.treatments >= {{ threshold('iapt_recovery', 'minimum_treatments') }}
            then cast(date_trunc('month', referrals.discharge_date) as date)
    end as finished_month,
    coalesce(measured.is_case_at_start, false) as is_case_at_start,
    coalesce(measured.is_below_at_end, false) as is_below_at_end
from referrals
left join treated on referrals.service_request_key = treated.service_request_key
left join measured on referrals.service_request_key = measured.service_request_key
left join practices on referrals.gp_practice = practices.practice_code
left join lsoas on referrals.lsoa11 = lsoas.lsoa11_code
