-- Grain: conveyance. Intervals that would be negative were emptied at intake.
select
    ambulance_call_key,
    vehicle_callsign,
    person_key,
    age,
    case sex when 'M' then 'male' when 'F' then 'female' end as sex,
    incident_postcode_sector,
    category,
    call_connect,
    first_on_scene,
    arrived_at_hospital,
    handover_time,
    clear_time,
    destination,
    trusted_assessor_flag = 'Y' as is_trusted_assessor,
    {{ elapsed_seconds('arrived_at_hospital', 'handover_time') }} as handover_seconds,
    {{ elapsed_seconds('call_connect', 'first_on_scene') }} as response_seconds,
    _delivery_id
from {{ current_rows('emas_handover') }} as conveyances
