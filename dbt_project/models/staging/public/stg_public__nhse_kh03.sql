-- Grain: provider × quarter. Mean beds open overnight.
select
    _period_start as quarter_start,
    provider_code,
    available_total as beds_available,
    occupied_total as beds_occupied,
    available_general_acute as general_acute_available,
    occupied_general_acute as general_acute_occupied,
    _delivery_id
from {{ current_rows('nhse_kh03') }} as received
