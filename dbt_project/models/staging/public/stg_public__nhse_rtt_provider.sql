-- Grain: provider × treatment function × month.
select
    _period_start as month_start,
    provider_code,
    function_code,
    function_name,
    waiting,
    within_18_weeks,
    over_52_weeks,
    _delivery_id
from {{ current_rows('nhse_rtt_provider') }} as received
