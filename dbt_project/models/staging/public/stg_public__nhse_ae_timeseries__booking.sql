-- Grain: month.
select
    month as month_start,
    booked,
    booked_within_4h,
    booked_over_4h,
    _delivery_id
from {{ current_rows('nhse_ae_timeseries', 'booking') }} as received
