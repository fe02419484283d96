-- A count without a numerator is one that its sender hid: it says of how many, and is never taken for 0.
SELECT indicator_id, period_start, area_code
FROM {{ ref('int_indicator_counts') }}
WHERE numerator IS NULL AND denominator IS NULL
