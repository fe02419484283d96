-- A count without a numerator is one that its sender hid: it says of how many, and is never taken for 0.
select indicator_id, period_start, area_code
from {{ ref('int_indicator_counts') }}
where numerator is null and denominator is null
