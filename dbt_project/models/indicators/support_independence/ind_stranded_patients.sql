-- Patients on the weekly census who have been in hospital that long, and the number of censuses, by month.
{{ long_stays('stranded_patients') }}
