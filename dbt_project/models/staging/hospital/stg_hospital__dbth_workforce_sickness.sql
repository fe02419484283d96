-- Grain: organisation, month, staff group and reason for sickness.
select
    org,
    staff_group,
    period,
    sickness_reason,
    days,
    _delivery_id
from {{ current_rows('dbth_workforce', table='sickness_reasons') }} as reasons
