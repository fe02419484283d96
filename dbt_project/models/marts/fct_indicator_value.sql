-- Grain: indicator × area × period × sex × age band. The published figures. Every expected row is there;
-- value_status says why a figure is missing. Nothing here is read from the exact counts: see rst_released.
WITH value AS (
    SELECT released.*, period.months, period.period_end
    FROM {{ ref('rst_released_value') }} AS released
    JOIN {{ ref('int_period') }} AS period ON period.period_id = released.period_id
),

indicator AS (SELECT indicator_id, comparator_area, direction FROM {{ ref('int_indicator') }}),

confidence AS (SELECT * FROM {{ ref('rst_confidence') }}),

quality AS (SELECT * FROM {{ ref('int_value_quality') }}),

-- What a value may be compared with when its own period has no figure; of two that end together, always the same.
official AS (
    SELECT * FROM value WHERE value_status = 'official'
    QUALIFY row_number() OVER (
        PARTITION BY indicator_id, area_code, sex, age_band, months, period_end ORDER BY period_id) = 1
),

wanting AS (
    SELECT
        value.*,
        -- A published figure is compared with England's, whatever the figures counted here are compared with.
        nullif(CASE value.method WHEN 'published' THEN 'E92000001' ELSE indicator.comparator_area END, value.area_code)
            AS comparator_area,
        indicator.direction,
        -- A standardised ratio is a comparison with its reference population already: that value is 100.
        CASE WHEN value.method = 'smr' AND indicator.comparator_area = 'E92000001' THEN value.multiplier END
            AS reference_value
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
        coalesce(same.value, wanting.reference_value) AS same_value,
        CASE WHEN same_value IS NOT NULL THEN same_value WHEN wanting.value IS NOT NULL THEN earlier.value END
            AS comparator_value,
        CASE WHEN same_value IS NOT NULL THEN wanting.period_id WHEN wanting.value IS NOT NULL THEN earlier.period_id END
            AS comparator_period
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
    LEFT JOIN value AS same
        ON same.indicator_id = wanting.indicator_id
        AND same.period_id = wanting.period_id
        AND same.sex = wanting.sex
        AND same.age_band = wanting.age_band
        AND same.area_code = wanting.comparator_area
    ASOF LEFT JOIN official AS earlier
        ON earlier.indicator_id = wanting.indicator_id
        AND earlier.area_code = wanting.comparator_area
        AND earlier.sex = wanting.sex
        AND earlier.age_band = wanting.age_band
        AND earlier.months = wanting.months
        AND wanting.period_end >= earlier.period_end
)

SELECT
    indicator_id, area_code, period_id, sex, age_band, value_status,
    numerator, denominator, value, ci95_lower, ci95_upper, ci998_lower, ci998_upper,
    method, comparator_area, comparator_period, comparator_value,
    {{ compared('ci95_lower', 'ci95_upper', 'comparator_value', 'direction') }} AS compared,
    provisional, status_reason, small_base, confidence_grade, confidence_reasons, comparability, policy,
    '{{ disclosure_rule_version() }}' AS rule_version
FROM compared_with
