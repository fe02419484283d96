-- Grain: befriended person and month; there is no key.
select
    volunteer_key,
    month,
    befriendee_ucla_start,
    befriendee_ucla_end,
    _delivery_id
from {{ current_rows('bcvs_volunteering_transport', table='befriending') }} as befriending
