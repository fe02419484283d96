-- Grain: person × spell of short-term support to maximise independence; events up to seven days apart are one spell.
-- What followed: support that began by seven days after the end; where there is none, what the last event says.
-- Method: the Department of Health and Social Care's outcomes framework measures from client level data, 2A.
with

events as (select * from {{ ref('int_social_care_event') }}),

known as (select max(reporting_period_end) as known_until from events),

after_earlier as (
    select
        *,
        max(coalesce(ended_on, date '9999-12-31')) over (
            partition by person_or_client_key
            order by started_on, ended_on, outcome
            rows between unbounded preceding and 1 preceding
        ) as earlier_until
    from events
    where service_type = 'Short term support: ST-Max'
),

numbered as (
    select
        *,
        count(*) filter (where earlier_until is null or started_on - earlier_until > 7) over (
            partition by person_or_client_key
            order by started_on, ended_on, outcome
            rows unbounded preceding
        ) as spell
    from after_earlier
),

spells as (
    select
        person_or_client_key,
        spell,
        max(person_key) as person_key,
        min(death_month) as death_month,
        min(started_on) as started_on,
        case when bool_and(ended_on is not null) then max(ended_on) end as ended_on,
        arg_max(outcome, (ended_on, outcome)) as outcome,
        bool_or(coalesce(service_component = 'Reablement', false)) as is_reablement,
        arg_min(lsoa11, (started_on, lsoa11)) as lsoa11,
        arg_min(pcn_code, (started_on, pcn_code)) as pcn_code,
        min(sex) as sex,
        min(age) as age
    from numbered
    group by person_or_client_key, spell
),

others as (
    select
        spells.person_or_client_key,
        spells.spell,
        coalesce(bool_or(
            events.is_long_term and events.started_on < spells.started_on
            and (events.ended_on is null or spells.started_on - events.ended_on < 91)
        ), false) as had_long_term_support,
        coalesce(bool_or(events.is_long_term) filter (where {{ follows('events', 'spells') }}), false)
            as long_term_follows,
        coalesce(bool_or(not events.is_long_term) filter (where {{ follows('events', 'spells') }}), false)
            as less_follows
    from spells
    inner join events
        on spells.person_or_client_key = events.person_or_client_key
        and events.event_type = 'Service' and events.service_type <> 'Short term support: ST-Max'
    group by all
)

select
    spells.*,
    {{ age_band('spells.age') }} as age_band,
    not coalesce(others.had_long_term_support, false) as is_new_client,
    case
        when spells.ended_on is null or spells.ended_on + 7 > known.known_until then 'not known yet'
        when spells.outcome in ('NFA: Deceased', 'Admitted to hospital') then 'life event'
        when others.long_term_follows then 'long-term support'
        when others.less_follows then 'less support'
        when spells.outcome in (
            'NFA: Support declined', 'NFA: Self-funded client or under 12wk disregard', 'NFA: Responsibility moved',
            'NFA: Referral to NHS services including NHS funded continuing healthcare'
        ) then 'support elsewhere'
        when spells.outcome like 'NFA:%' then 'no support'
        else 'not recorded'
    end as sequel
from spells
cross join known
left join others
    on spells.person_or_client_key = others.person_or_client_key and spells.spell = others.spell
