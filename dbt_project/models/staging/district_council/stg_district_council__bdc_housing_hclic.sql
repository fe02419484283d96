-- Grain: case of one household, as last returned.
select
    case_key,
    lsoa11,
    assessment_date,
    assessment_outcome,
    reason_loss,
    accommodation_at_application,
    employment_status,
    support_needs,
    prevention_start,
    prevention_end,
    prevention_outcome,
    relief_start,
    relief_end,
    ta_type,
    hospital_discharge_flag,
    _delivery_id
from {{ current_rows('bdc_housing_hclic') }} as cases
