-- Grain: organisation, month, staff group and reason for leaving.
select
    org,
    staff_group,
    period,
    leaving_reason,
    people,
    _delivery_id
from {{ current_rows('dbth_workforce', table='leaving_reasons') }} as reasons
