-- Grain: trip of the community transport.
select
    trip_id,
    trip_date,
    from_village,
    to_place,
    purpose,
    passengers,
    _delivery_id
from {{ current_rows('bcvs_volunteering_transport', table='trips') }} as trips
