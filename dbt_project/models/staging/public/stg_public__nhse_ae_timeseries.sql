-- Grain: month.
select
    month as month_start,
    attendances,
    type1_attendances,
    admissions,
    waited_12h_from_decision,
    _delivery_id
from {{ current_rows('nhse_ae_timeseries') }} as received
