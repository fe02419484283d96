-- Grain: consultant episode. Diagnoses are one list, the primary first.
select
    provider,
    spell_key,
    episode_number,
    person_key,
    {{ sex_label('sex') }} as sex,
    age_on_admission as age,
    lsoa11,
    gp_practice,
    patient_classification,
    admission_method,
    admission_date,
    discharge_date,
    discharge_method,
    diag_01 as primary_diagnosis,
    [diag_02, diag_03, diag_04, diag_05, diag_06, diag_07, diag_08,
     diag_09, diag_10, diag_11, diag_12, diag_13, diag_14] as secondary_diagnoses,
    _delivery_id
from {{ current_rows('dbth_apc', one_row_per_key=true) }} as episodes
