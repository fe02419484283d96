-- Grain: person × first day in a care home for good. New: no such care that ended within the twelve months before or
-- went on. A move from one home, or one kind of home, to the next is not an admission.
with

stays as (
    select *
    from {{ ref('int_social_care_event') }}
    where is_long_term_care_home
),

ordered as (
    select
        *,
        max(coalesce(ended_on, date '9999-12-31')) over (
            partition by person_or_client_key
            order by started_on
            range between unbounded preceding and interval 1 day preceding
        ) as earlier_until
    from stays
)

select
    person_or_client_key,
    started_on,
    cast(date_trunc('month', started_on) as date) as month_start,
    min(lsoa11) as lsoa11,
    min(pcn_code) as pcn_code,
    min(sex) as sex,
    min(age) as age,
    min(age_band) as age_band,
    coalesce(
        bool_and(outcome = 'NFA: Self-funded client or under 12wk disregard'), false
    ) as is_self_funded
from ordered
where earlier_until is null or earlier_until < started_on - interval 12 month
group by person_or_client_key, started_on
