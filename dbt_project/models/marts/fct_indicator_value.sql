-- Grain: indicator × area × period × sex × age band. The published figures. Every expected row is there;
-- value_status says why a figure is missing. Nothing here is read from the exact counts: see rst_released.
WITH value AS (SELECT * FROM {{ ref('rst_released_value') }}),

indicator AS (SELECT indicator_id, comparator_area, direction, short_unit FROM {{ ref('int_indicator') }}),

confidence AS (SELECT * FROM {{ ref('rst_confidence') }}),

quality AS (SELECT * FROM {{ ref('int_value_quality') }}),

comparator AS (SELECT * FROM {{ ref('rst_comparator') }}),

wanting AS (
    SELECT
        value.*,
        -- A published figure is compared with England's, whatever the figures counted here are compared with.
        nullif(CASE value.method WHEN 'published' THEN 'E92000001' ELSE indicator.comparator_area END, value.area_code)
            AS comparator_area,
        indicator.direction, indicator.short_unit
    FROM value
    JOIN indicator ON indicator.indicator_id = value.indicator_id
),

compared_with AS (
    SELECT
        wanting.*,
        confidence.grade AS confidence_grade,
        confidence.reasons AS confidence_reasons,
        CASE WHEN quality.spans_change THEN 'not_comparable' WHEN quality.carried_back THEN 'carried_back'
            WHEN quality.recast THEN 'recast' ELSE 'as_is' END AS comparability,
        CASE WHEN wanting.provisional THEN {{ rounded_by('two_decimals', 'quality.likely_completeness') }} END AS likely_completeness,
        -- A missing figure has a comparator of its own period only.
        wanting.value IS NOT NULL OR comparator.comparator_period = wanting.period_id AS has_comparator,
        CASE WHEN has_comparator THEN comparator.comparator_value END AS comparator_value,
        CASE WHEN has_comparator THEN comparator.comparator_period END AS comparator_period
    FROM wanting
    LEFT JOIN quality
        ON quality.indicator_id = wanting.indicator_id AND quality.area_code = wanting.area_code
        AND quality.period_id = wanting.period_id
    LEFT JOIN confidence
        ON confidence.indicator_id = wanting.indicator_id
        AND confidence.area_code = wanting.area_code
        AND confidence.period_id = wanting.period_id
        AND confidence.sex = wanting.sex
        AND confidence.age_band = wanting.age_band
    LEFT JOIN comparator
        ON comparator.indicator_id = wanting.indicator_id
        AND comparator.area_code = wanting.area_code
        AND comparator.period_id = wanting.period_id
        AND comparator.sex = wanting.sex
        AND comparator.age_band = wanting.age_band
        AND comparator.comparator_area = wanting.comparator_area
)

SELECT
    indicator_id, area_code, period_id, sex, age_band, value_status,
    numerator, denominator, value, {{ value_text('value', 'short_unit') }} AS value_text, ci95_lower, ci95_upper, ci998_lower, ci998_upper,
    method, comparator_area, comparator_period, comparator_value,
    -- What is not complete is not judged.
    CASE WHEN is_complete THEN {{ compared('ci95_lower', 'ci95_upper', 'comparator_value', 'direction') }}
        ELSE 'not_compared' END AS compared,
    provisional, is_complete, likely_completeness, status_reason, small_base, confidence_grade, confidence_reasons, comparability, policy,
    '{{ disclosure_rule_version() }}' AS rule_version
FROM compared_with
