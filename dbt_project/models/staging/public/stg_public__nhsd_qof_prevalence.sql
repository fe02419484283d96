-- Grain: practice × register × financial year.
select
    _period_start as financial_year_start,
    practice_code,
    register_code,
    list_type,
    register_size,
    list_size,
    _delivery_id
from {{ current_rows('nhsd_qof_prevalence') }} as received
