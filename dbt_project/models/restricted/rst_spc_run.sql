-- Grain: indicator × area × period of a control chart: what the chart says there, and since when it has said the very same
-- without a break. The rules about a few points in a row have no such day: they say how many.
WITH chart AS (SELECT * FROM {{ ref('fct_indicator_spc') }}),

changed AS (
    SELECT
        *,
        coalesce(special_cause <> lag(special_cause) OVER series, TRUE) AS is_new,
        coalesce(sign(value - mean) <> sign(lag(value - mean) OVER series), TRUE) AS is_new_side
    FROM chart
    WINDOW series AS (PARTITION BY indicator_id, area_code, period_type ORDER BY period_start)
)

SELECT
    indicator_id, area_code, period_id, period_type, period_start, variation, special_cause, assurance,
    CASE WHEN special_cause IN ('Above UCL', 'Below LCL') THEN max(CASE WHEN is_new THEN period_start END) OVER series
        WHEN special_cause LIKE '7 Points%' THEN max(CASE WHEN is_new_side THEN period_start END) OVER series END
        AS same_since
FROM changed
WINDOW series AS (PARTITION BY indicator_id, area_code, period_type ORDER BY period_start)
