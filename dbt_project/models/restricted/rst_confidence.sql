-- Grain: one row per published value: how far it can be relied on, A to D, and why. Read from what is published and
-- from facts about deliveries and populations only, never from an exact count; rules and grades are seeds.
WITH value AS (SELECT * FROM {{ ref('rst_released_value') }} WHERE value IS NOT NULL),

quality AS (SELECT * FROM {{ ref('int_value_quality') }}),

rule AS (SELECT * FROM {{ ref('confidence_rule') }}),

grade AS (SELECT * FROM {{ ref('confidence_grade') }}),

measured AS (
    SELECT
        value.indicator_id, value.area_code, value.period_id, value.sex, value.age_band,
        unnest([
            {'measure': 'few_events', 'amount': (value.value_status = 'unreliable_u')::DOUBLE},
            {'measure': 'small_base', 'amount': value.small_base::DOUBLE},
            {'measure': 'few_respondents', 'amount': (value.method = 'published' AND value.denominator < 100)::DOUBLE},
            {'measure': 'relative_width', 'amount': {{ relative_width('value.method', 'value.value', 'value.ci95_lower', 'value.ci95_upper') }}},
            {'measure': 'provisional', 'amount': value.provisional::DOUBLE},
            {'measure': 'likely_missing', 'amount': CASE WHEN value.provisional THEN round(1 - quality.likely_completeness, 3) END},
            {'measure': 'population_interpolated', 'amount': quality.population_interpolated::DOUBLE},
            {'measure': 'population_carried', 'amount': quality.population_carried::DOUBLE},
            {'measure': 'set_aside_share', 'amount': quality.set_aside_share},
            {'measure': 'carried_back', 'amount': quality.carried_back::DOUBLE},
            {'measure': 'recast', 'amount': quality.recast::DOUBLE},
            {'measure': 'spans_change', 'amount': quality.spans_change::DOUBLE}
        ], recursive := TRUE)
    FROM value
    LEFT JOIN quality
        ON quality.indicator_id = value.indicator_id AND quality.area_code = value.area_code
        AND quality.period_id = value.period_id
),

applied AS (
    SELECT
        measured.* EXCLUDE (amount),
        coalesce(max(rule.points), 0) AS points,
        arg_max(rule.reason, rule.points) AS reason
    FROM measured
    LEFT JOIN rule ON rule.measure = measured.measure AND measured.amount > rule.above
    GROUP BY ALL
),

summed AS (
    SELECT
        indicator_id, area_code, period_id, sex, age_band,
        sum(points)::INTEGER AS points,
        string_agg(reason, '; ' ORDER BY points DESC, reason) AS reasons
    FROM applied
    GROUP BY ALL
)

SELECT summed.*, grade.grade
FROM summed
ASOF JOIN grade ON summed.points >= grade.from_points
