-- Urgent referrals by the month in which cancer was diagnosed (01) or ruled out (02), and those within 28 days.
{{ cancer_wait(
    'cancer_faster_diagnosis', 'fdp_end_date', 'days_to_diagnosis',
    "treatment_event is null and fdp_end_reason in ('01', '02')"
) }}
