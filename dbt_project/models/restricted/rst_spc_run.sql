-- Grain: indicator × area × period of a control chart: what the chart says there, and the first point from which it has
-- said so without a break.
WITH chart AS (SELECT * FROM {{ ref('fct_indicator_spc') }}),

changed AS (
    SELECT
        *,
        coalesce(variation <> lag(variation) OVER (PARTITION BY indicator_id, area_code, period_type ORDER BY period_start),
            TRUE) AS is_new
    FROM chart
)

SELECT
    indicator_id, area_code, period_id, period_type, period_start, variation, assurance,
    max(CASE WHEN is_new THEN period_start END) OVER (
        PARTITION BY indicator_id, area_code, period_type ORDER BY period_start) AS same_since
FROM changed
