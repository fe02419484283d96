-- Grain: indicator × area × period (month or quarter). Control charts as NHS "Making Data Count" draws them, of the
-- published values only, for series of at least 13 points. A hidden or incomplete value is a gap in its chart, never a zero. A chart
-- never runs over a change after which its place is not comparable: what comes after is a chart of its own.
WITH value AS (
    SELECT * REPLACE (CASE WHEN comparability <> 'not_comparable' AND is_complete THEN value END AS value)
    FROM ({{ main_values('fct_indicator_value') }})
),

period AS (
    SELECT period_id, period_type, period_start FROM {{ ref('dim_period') }} WHERE period_type IN ('month', 'quarter')
),

change AS (SELECT area_code, changed_on FROM {{ ref('area_change') }} WHERE NOT is_comparable),

indicator AS (
    SELECT
        indicator_id,
        target_value, precision,
        CASE direction WHEN 'up' THEN 'increase' ELSE 'decrease' END AS better_when
    FROM {{ ref('int_indicator') }}
),

series AS (
    SELECT
        value.indicator_id, value.area_code, period.period_id, value.sex, value.age_band, period.period_type,
        period.period_start, value.value, value.method, indicator.precision, indicator.target_value,
        indicator.better_when,
        change.changed_on AS comparable_from,
        count(value.value) OVER (
            PARTITION BY value.indicator_id, value.area_code, period.period_type, change.changed_on
        ) AS points
    FROM value
    JOIN period ON period.period_id = value.period_id
    JOIN indicator ON indicator.indicator_id = value.indicator_id
    ASOF LEFT JOIN change ON change.area_code = value.area_code AND change.changed_on <= period.period_start
),

long_enough AS (SELECT * FROM series WHERE points >= 13),

chart AS (
    {{ spc_xmr('long_enough', series=['indicator_id', 'area_code', 'period_type', 'comparable_from'],
               direction='better_when') }}
)

SELECT
    indicator_id, area_code, period_id, period_type, period_start, value,
    {% for column in ['mean', 'lower_limit', 'upper_limit'] -%}
    {{ published_number('average', column, 'method', 'precision') }} AS {{ column }},
    {% endfor -%}
    CASE special_cause WHEN 'Common Cause' THEN 'none' ELSE special_cause END AS special_cause,
    CASE WHEN point_type = 'common_cause' THEN point_type
        WHEN point_type LIKE '%neutral%' THEN 'neutral'
        ELSE replace(point_type, 'special_cause_', '') END AS variation,
    CASE {{ spc_assurance('target_value', 'lower_limit', 'upper_limit', 'better_when') }}
        WHEN 'consistent_pass' THEN 'pass' WHEN 'consistent_fail' THEN 'fail' WHEN 'inconsistent' THEN 'hit_or_miss'
        ELSE 'none' END AS assurance,
    target_value AS target,
    points::INTEGER AS points
FROM chart
WHERE value IS NOT NULL AND mean IS NOT NULL
