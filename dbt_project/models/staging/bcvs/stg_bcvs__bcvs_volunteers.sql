-- Grain: volunteer and month.
select
    volunteer_key,
    month,
    hours,
    role,
    lsoa11,
    age_band,
    _delivery_id
from {{ current_rows('bcvs_volunteering_transport') }} as volunteers
