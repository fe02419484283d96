-- Grain: patient on the census of one list. Length of stay as sent; where it is missing, from the dates.
select
    _period_start as list_date,
    patient_key,
    site,
    coalesce(los_days, census_date - admission_date) as los_days,
    criteria_to_reside,
    no_ctr_reason,
    _delivery_id
from {{ current_rows('dbth_discharge_sitrep', table='census') }} as census
