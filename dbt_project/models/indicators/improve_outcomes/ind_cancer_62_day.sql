-- First definitive treatments after an urgent referral, and those within 62 days of it, by month of treatment.
{{ cancer_wait('cancer_62_day', 'treatment_start', 'days_to_treatment', "treatment_event = '01'") }}
