-- All three programmes pooled, by practice at the end of each quarter.
{{ screening_coverage(['breast_53_70', 'breast_50_70', 'bowel_60_74', 'cervical_25_49', 'cervical_50_64']) }}
