-- Grain: spell of reablement that began from seven days after to three days before somebody left hospital (the latest
-- such discharge), without those who lived in a care home before, and where the person was on the day looked at.
-- Method: the Department of Health and Social Care's outcomes framework measures from client level data, 2D.
with

reablement as (select * from {{ ref('int_reablement') }} where is_reablement),

stays as (select * from {{ ref('int_hospital_discharge') }} where person_key is not null),

support as (select * from {{ ref('int_social_care_event') }} where event_type = 'Service'),

known as (
    select least(
        (select max(reporting_period_end) from support),
        (select last_day(max(discharged_on)) from stays)
    ) as known_until
),

discharges as (
    select
        reablement.* exclude (age, age_band, spell),
        stays.age,
        stays.admitted_on,
        stays.discharged_on,
        stays.discharged_on + {{ indicator_parameter('reablement_at_home_91_days', 'follow_up_days') }} as looked_at
    from reablement
    inner join stays
        on reablement.person_key = stays.person_key
        and reablement.started_on between stays.discharged_on - 3 and stays.discharged_on + 7
        and stays.admitted_on <= reablement.started_on
    where not stays.is_maternity and not stays.is_death
    qualify row_number() over (
        partition by reablement.person_or_client_key, reablement.started_on
        order by stays.discharged_on desc, stays.spell_key
    ) = 1
)

select
    discharges.*,
    cast(date_trunc('month', discharges.discharged_on) as date) as month_start,
    {{ age_band('discharges.age') }} as age_band,
    -- Whole months, so that a month's figure stays when more is known.
    last_day(discharges.discharged_on) + {{ indicator_parameter('reablement_at_home_91_days', 'follow_up_days') }}
        <= known.known_until as is_known,
    -- Only the month of a death is kept: one in the month of the day looked at counts as before it.
    coalesce(discharges.death_month <= discharges.looked_at, false) or exists (
        select 1 from stays
        where stays.person_key = discharges.person_key and stays.is_death
            and stays.discharged_on between discharges.discharged_on and discharges.looked_at
    ) as has_died,
    exists (
        select 1 from stays
        where stays.person_key = discharges.person_key
            and stays.admitted_on <= discharges.looked_at and stays.discharged_on > discharges.looked_at
    ) as is_in_hospital,
    exists (
        select 1 from support
        where support.person_key = discharges.person_key
            and (support.is_long_term_care_home
                or support.service_component in ('Short term residential care', 'Short term nursing care'))
            and support.started_on <= discharges.looked_at
            and (support.ended_on is null or support.ended_on >= discharges.looked_at)
    ) as is_in_care_home
from discharges
cross join known
where not exists (
    select 1 from support
    where support.person_key = discharges.person_key and support.is_long_term_care_home
        and support.started_on <= discharges.admitted_on
        and (support.ended_on is null or support.ended_on >= discharges.admitted_on)
)
