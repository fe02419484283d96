-- Grain: indicator × area × period of a control chart: what the chart says there, by which rule, and since when it has said the
-- very same without a break. The rules about a few points in a row have no such day: they say how many. Nothing goes on over a
-- rebase.
WITH chart AS (SELECT * FROM {{ ref('fct_indicator_spc') }}),

changed AS (
    SELECT
        *,
        coalesce(special_cause <> lag(special_cause) OVER series, TRUE) AS is_new,
        coalesce(sign(value - mean) <> sign(lag(value - mean) OVER series), TRUE) AS is_new_side
    FROM chart
    WINDOW series AS (PARTITION BY indicator_id, area_code, period_type, usual_since ORDER BY period_start)
)

SELECT
    indicator_id, area_code, period_id, period_type, period_start, chart_type, usual_since, variation, assurance, special_cause,
    -- Only then is the value itself outside what is usual; a run or trend says so of several values together.
    special_cause IN ('Above UCL', 'Below LCL', 'No Events For Long') AS is_outside_limits,
    CASE WHEN special_cause IN ('Above UCL', 'Below LCL', 'No Events For Long')
            THEN max(CASE WHEN is_new THEN period_start END) OVER series
        WHEN special_cause LIKE '7 Points%' THEN max(CASE WHEN is_new_side THEN period_start END) OVER series END
        AS same_since
FROM changed
WINDOW series AS (PARTITION BY indicator_id, area_code, period_type, usual_since ORDER BY period_start)
