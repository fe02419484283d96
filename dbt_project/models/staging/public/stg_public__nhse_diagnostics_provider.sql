-- Grain: provider × test × month.
select
    _period_start as month_start,
    provider_code,
    coalesce(test_id, 16) as test_id,
    coalesce(test_name, 'Total') as test_name,
    waiting,
    waiting_6_weeks,
    waiting_13_weeks,
    _delivery_id
from {{ current_rows('nhse_diagnostics_provider') }} as received
