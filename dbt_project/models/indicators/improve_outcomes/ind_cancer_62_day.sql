-- First definitive treatments after an urgent referral for suspected cancer, and those within 62 days of it, by month of
-- treatment; those referred with breast symptoms (type 16) belong to the standard since October 2023.
{{ cancer_wait(
    'cancer_62_day', 'treatment_start', 'days_to_treatment',
    "treatment_event = '01' and (tww_type is distinct from '16' or treatment_start >= date '2023-10-01')"
) }}
