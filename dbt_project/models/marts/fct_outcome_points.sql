-- Grain: scheme × indicator. Points of an outcomes-based contract that the headline figure earns, by the rules a
-- partnership has declared (seed outcome_points); no rule, no row.
WITH rule AS (SELECT * FROM {{ ref('outcome_points') }}),

verdict AS (SELECT * FROM {{ ref('scorecard') }}),

measured AS (
    SELECT
        rule.*, verdict.objective, verdict.area_code, verdict.period_id, verdict.value, verdict.provisional,
        -- 0 at the threshold and 1 at the stretch, whichever of them is higher.
        (verdict.value - rule.threshold) / (rule.stretch - rule.threshold) AS way
    FROM rule
    JOIN verdict ON verdict.indicator_id = rule.indicator_id
)

SELECT
    scheme, objective, indicator_id, area_code, period_id, value, threshold, stretch,
    points AS points_available,
    round(points * least(1, greatest(0, way)), 2) AS points_earned,
    CASE WHEN value IS NULL THEN 'not_assessed' WHEN way >= 1 THEN 'stretch_reached' WHEN way > 0 THEN 'partly_earned'
        ELSE 'threshold_not_passed' END AS outcome,
    coalesce(provisional, FALSE) AS provisional,
    source
FROM measured
