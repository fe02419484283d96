-- Grain: person on a practice list in a snapshot.
select
    snapshot_date,
    person_key,
    gp_practice,
    date_of_registration,
    age,
    {{ sex_label('sex') }} as sex,
    lsoa11,
    qof_registers,
    efi_score,
    frailty_code,
    frailty_review_date,
    dementia_review_date,
    smoking_status_code,
    smoking_status_date,
    pam_score,
    pam_date,
    _delivery_id
from {{ current_rows('ccg_gp_population') }} as register
