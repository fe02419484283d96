-- Grain: CCG × register × financial year.
select
    _period_start as financial_year_start,
    ccg_code,
    register_code,
    register_name,
    register_size,
    list_size,
    _delivery_id
from {{ current_rows('nhsd_qof_ccg') }} as received
