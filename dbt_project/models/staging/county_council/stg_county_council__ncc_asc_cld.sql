-- Grain: event, by the identifying fields of the national rules. Events count in the month they ended; an open service
-- stands once, in the newest file. A service that was open and is in no later file ended, for all we know, with the
-- period of the last file that had it.
with

current_events as (select * from {{ current_rows('ncc_asc_cld') }} as events),

received as ({{ corrected_rows(received_rows('ncc_asc_cld'), 'ncc_asc_cld') }}),

forgotten as (
    select received.* replace (received.reporting_period_end as event_end_date)
    from received
    anti join current_events
        on received.client_key = current_events.client_key
        and received.service_type is not distinct from current_events.service_type
        and received.event_start_date = current_events.event_start_date
    where received.event_type = 'Service' and received.event_end_date is null
),

events as (
    select * from (select * from current_events union all by name select * from forgotten) as found
    qualify event_type <> 'Service' or row_number() over (
        partition by client_key, client_type, event_type, event_start_date, service_type, service_component
        order by _received_at desc, _file_sha256 desc, _row_number desc
    ) = 1
)

select
    reporting_period_start,
    reporting_period_end,
    person_key,
    client_key,
    gp_practice,
    case gender when 'Male' then 'male' when 'Female' then 'female' end as sex,
    ethnicity,
    age,
    death_month,
    client_type,
    primary_support_reason,
    lsoa11,
    accommodation_status,
    employment_status,
    has_unpaid_carer,
    dementia,
    client_funding_status,
    event_type,
    event_start_date,
    event_end_date,
    event_outcome,
    request_route_of_access,
    assessment_type,
    service_type,
    service_component,
    delivery_mechanism,
    provider_location,
    review_reason,
    review_outcomes_achieved,
    unit_cost,
    cost_frequency,
    planned_units_per_week,
    event_type = 'Service' and event_end_date is null as is_open,
    _delivery_id
from events
