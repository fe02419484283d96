-- Grain: indicator × area × period × sex × age band. The published figures. Every expected row is there;
-- value_status says why a figure is missing. Nothing here is read from the exact counts: see rst_released.
WITH value AS (SELECT * FROM {{ ref('rst_released_value') }}),

indicator AS (SELECT indicator_id, comparator_area, direction FROM {{ ref('int_indicator') }}),

confidence AS (SELECT * FROM {{ ref('rst_confidence') }}),

quality AS (SELECT * FROM {{ ref('int_value_quality') }}),

compared_with AS (
    SELECT
        value.*,
        nullif(indicator.comparator_area, value.area_code) AS comparator_area,
        indicator.direction,
        confidence.grade AS confidence_grade,
        confidence.reasons AS confidence_reasons,
        CASE WHEN quality.spans_change THEN 'not_comparable' WHEN quality.carried_back THEN 'carried_back'
            WHEN quality.recast THEN 'recast' ELSE 'as_is' END AS comparability,
        -- A standardised ratio is a comparison with its reference population already: that value is 100.
        CASE WHEN value.method = 'smr' AND indicator.comparator_area = 'E92000001'
            THEN coalesce(comparator.value, value.multiplier) ELSE comparator.value END AS comparator_value
    FROM value
    JOIN indicator ON indicator.indicator_id = value.indicator_id
    LEFT JOIN quality
        ON quality.indicator_id = value.indicator_id AND quality.area_code = value.area_code
        AND quality.period_id = value.period_id
    LEFT JOIN confidence
        ON confidence.indicator_id = value.indicator_id
        AND confidence.area_code = value.area_code
        AND confidence.period_id = value.period_id
        AND confidence.sex = value.sex
        AND confidence.age_band = value.age_band
    LEFT JOIN value AS comparator
        ON comparator.indicator_id = value.indicator_id
        AND comparator.period_id = value.period_id
        AND comparator.sex = value.sex
        AND comparator.age_band = value.age_band
        AND comparator.area_code = nullif(indicator.comparator_area, value.area_code)
)

SELECT
    indicator_id, area_code, period_id, sex, age_band, value_status,
    numerator, denominator, value, ci95_lower, ci95_upper, ci998_lower, ci998_upper,
    method, comparator_area, comparator_value,
    {{ compared('ci95_lower', 'ci95_upper', 'comparator_value', 'direction') }} AS compared,
    provisional, status_reason, small_base, confidence_grade, confidence_reasons, comparability, policy,
    '{{ disclosure_rule_version() }}' AS rule_version
FROM compared_with
