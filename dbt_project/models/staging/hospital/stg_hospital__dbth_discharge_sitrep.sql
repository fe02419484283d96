-- Grain: delay in one list. A list closes on the date of its file name and never crosses a month end.
select
    _period_start as list_date,
    patient_key,
    person_key,
    site,
    admission_date,
    delay_start,
    delay_end,
    delayed_days_in_period,
    reason_code,
    attributable_to,
    responsible_la,
    _delivery_id
from {{ current_rows('dbth_discharge_sitrep') }} as delays
