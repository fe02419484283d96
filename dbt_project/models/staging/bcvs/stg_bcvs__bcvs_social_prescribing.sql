-- Grain: case.
select
    case_key,
    person_key,
    age,
    {{ sex_label('sex') }} as sex,
    lsoa11,
    gp_practice,
    service_type,
    referral_date,
    closed_date,
    closure_reason,
    ons4_satisfied_start as satisfaction_start,
    ons4_satisfied_end as satisfaction_end,
    ucla1_start + ucla2_start + ucla3_start as loneliness_start,
    ucla1_end + ucla2_end + ucla3_end as loneliness_end,
    pam_score_start,
    pam_score_end,
    pam_date_start,
    pam_date_end,
    _delivery_id
from {{ current_rows('bcvs_social_prescribing') }} as cases
