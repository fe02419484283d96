-- Grain: one row per period inside the range of the data.
WITH period AS (SELECT * FROM {{ ref('int_period') }})

SELECT period_id, period_type, period_start, period_end, label
FROM period
