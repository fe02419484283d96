-- Grain: indicator × area × period (month or quarter): the published value as a point of a control chart. A hidden value is a
-- gap, never a zero. A segment ends where an annotation rebases charts; what comes after is a chart of its own. `judged` is
-- the value where it may be judged: comparable, and of a period that is complete.
WITH value AS ({{ main_values('fct_indicator_value') }}),

period AS (
    SELECT period_id, period_type, period_start FROM {{ ref('dim_period') }} WHERE period_type IN ('month', 'quarter')
),

indicator AS (SELECT * FROM {{ ref('int_indicator') }}),

registry AS (SELECT indicator_id, unit FROM {{ ref('indicator_registry') }}),

rebase AS (SELECT indicator_id, area_code, starts_on FROM {{ ref('int_annotation_indicator') }} WHERE rebase),

suspended AS (SELECT indicator_id, area_code, period_id FROM {{ ref('rst_suspended_verdict') }}),

point AS (
    SELECT
        value.indicator_id, value.area_code, period.period_type, period.period_id, period.period_start,
        CASE WHEN value.comparability <> 'not_comparable' THEN value.value END AS value,
        value.is_complete,
        indicator.method, indicator.precision, indicator.aggregation, indicator.is_yearly, indicator.target_value, registry.unit,
        CASE indicator.direction WHEN 'up' THEN 'increase' ELSE 'decrease' END AS better_when
    FROM value
    JOIN period ON period.period_id = value.period_id
    JOIN indicator ON indicator.indicator_id = value.indicator_id
    JOIN registry ON registry.indicator_id = value.indicator_id
),

segment AS (
    SELECT point.indicator_id, point.area_code, point.period_id, count(*) AS segment
    FROM point
    JOIN rebase
        ON rebase.indicator_id = point.indicator_id AND rebase.starts_on <= point.period_start
        AND coalesce(rebase.area_code, point.area_code) = point.area_code
    GROUP BY ALL
)

SELECT
    point.*,
    coalesce(segment.segment, 0) AS segment,
    CASE WHEN point.is_complete THEN point.value END AS judged,
    suspended.period_id IS NOT NULL AS is_suspended,
    (12 * year(point.period_start) + month(point.period_start))
        // CASE point.period_type WHEN 'month' THEN 1 ELSE 3 END AS place,
    {{ possible_lower('point.method', 'min(point.value) OVER series') }} AS lowest_possible,
    {{ possible_upper('point.method', 'point.unit') }} AS highest_possible
FROM point
LEFT JOIN segment USING (indicator_id, area_code, period_id)
LEFT JOIN suspended USING (indicator_id, area_code, period_id)
WINDOW series AS (PARTITION BY point.indicator_id, point.area_code, point.period_type)
