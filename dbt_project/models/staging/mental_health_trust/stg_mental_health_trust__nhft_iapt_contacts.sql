-- Grain: appointment.
select
    service_request_key,
    care_contact_key,
    contact_date,
    appointment_type,
    attended,
    ltc_service,
    _delivery_id
from {{ current_rows('nhft_iapt', table='contacts') }} as contacts
