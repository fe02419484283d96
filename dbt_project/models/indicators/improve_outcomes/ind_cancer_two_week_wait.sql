-- First appointments after an urgent referral for suspected cancer, and those within 14 days of it, by month; type 16
-- (breast symptoms, cancer not suspected) is another standard.
{{ cancer_wait(
    'cancer_two_week_wait', 'date_first_seen', 'days_to_first_seen',
    "treatment_event is null and tww_type is distinct from '16'"
) }}
