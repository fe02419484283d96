-- Breast screening by practice at the end of each quarter; until March 2017 the age band began at 50.
{{ screening_coverage(['breast_53_70', 'breast_50_70']) }}
