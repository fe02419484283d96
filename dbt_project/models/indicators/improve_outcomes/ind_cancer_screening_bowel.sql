-- Bowel screening by practice at the end of each quarter.
{{ screening_coverage(['bowel_60_74']) }}
