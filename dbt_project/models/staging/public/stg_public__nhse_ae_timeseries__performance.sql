-- Grain: month.
select
    month as month_start,
    within_4h,
    over_4h,
    type1_within_4h,
    type1_over_4h,
    _delivery_id
from {{ current_rows('nhse_ae_timeseries', 'performance') }} as received
