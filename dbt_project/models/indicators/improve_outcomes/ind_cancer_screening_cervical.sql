-- Cervical screening, both age bands, by practice at the end of each quarter.
{{ screening_coverage(['cervical_25_49', 'cervical_50_64']) }}
