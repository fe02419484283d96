-- Grain: event of adult social care, of service users. A person is who the NHS number of any of the client's events
-- says, otherwise the client of the council.
with

events as (select * from {{ ref('stg_county_council__ncc_asc_cld') }}),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }}),

clients as (
    select client_key, max(person_key) as person_key, min(death_month) as death_month
    from events
    group by client_key
)

select
    clients.person_key,
    coalesce(clients.person_key, events.client_key) as person_or_client_key,
    clients.death_month,
    lsoas.lsoa11_code as lsoa11,
    practices.pcn_code,
    events.sex,
    events.age,
    {{ age_band('events.age') }} as age_band,
    events.event_type,
    events.event_start_date as started_on,
    events.event_end_date as ended_on,
    events.event_outcome as outcome,
    events.service_type,
    events.service_component,
    coalesce(events.service_type like 'Long term support:%', false) as is_long_term,
    coalesce(
        events.service_type in ('Long term support: Nursing care', 'Long term support: Residential care'), false
    ) as is_long_term_care_home,
    events.reporting_period_end
from events
inner join clients on events.client_key = clients.client_key
left join practices on events.gp_practice = practices.practice_code
left join lsoas on events.lsoa11 = lsoas.lsoa11_code
where events.client_type = 'Service user'
