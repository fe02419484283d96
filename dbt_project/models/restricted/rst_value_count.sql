-- Grain: one row per value of the spine: numerator and denominator as its method needs them, whether everything
-- it needs was supplied (the outcomes, too, where it is a share of them), and whether all of it is complete. An area without events in a supplied period has 0, not nothing. A published figure has the
-- counts that were published with it, if any.
WITH spine AS (SELECT * FROM {{ ref('int_value_spine') }}),

indicator AS (SELECT * FROM {{ ref('int_indicator') }}),

supply AS (SELECT * FROM {{ ref('int_value_supply') }}),

count AS (
    SELECT
        indicator_id, area_code, period_id, sex, age_band, sum(numerator) AS numerator, sum(denominator) AS denominator,
        bool_or(is_hidden) AS is_hidden
    FROM {{ ref('int_period_count') }}
    GROUP BY ALL
),

population AS (
    SELECT indicator_id, area_code, period_id, sex, age_band, round(sum(population ORDER BY population), 6) AS population
    FROM {{ ref('int_period_population') }}
    GROUP BY ALL
),

expected AS (SELECT * FROM {{ ref('rst_expected_events') }}),

official AS (
    SELECT indicator_id, area_code, period_id, sex, value, numerator, denominator FROM {{ ref('int_official_value') }}
)

SELECT
    spine.* EXCLUDE (months),
    CASE WHEN spine.is_published THEN 'published' ELSE indicator.method END AS method,
    indicator.multiplier,
    supply.months_needed,
    supply.months_supplied,
    supply.months_followed_up,
    supply.months_complete,
    coalesce(count.is_hidden, FALSE) AND NOT spine.is_published AS is_hidden,
    CASE WHEN spine.is_published THEN official.value IS NOT NULL
        ELSE supply.months_followed_up = supply.months_needed AND NOT coalesce(count.is_hidden, FALSE) END AS is_supplied,
    is_supplied AND supply.months_complete = supply.months_needed AS has_all_months,
    CASE WHEN NOT spine.is_official THEN fall.reason END AS fall_reason,
    has_all_months AND fall_reason IS NULL AS is_complete,
    CASE WHEN NOT is_supplied THEN NULL
        WHEN spine.is_published THEN official.numerator
        ELSE coalesce(count.numerator, 0) END::DOUBLE AS numerator,
    CASE WHEN NOT is_supplied THEN NULL
        WHEN spine.is_published THEN official.denominator
        WHEN indicator.method IN ('count', 'total') THEN NULL
        WHEN indicator.method = 'smr' THEN expected.expected
        WHEN indicator.population_basis IS NOT NULL AND count.denominator IS NULL THEN population.population
        ELSE coalesce(count.denominator, 0) END::DOUBLE AS denominator
FROM spine
JOIN indicator USING (indicator_id)
JOIN supply USING (indicator_id, area_code, period_id)
LEFT JOIN {{ ref('int_value_fall') }} AS fall USING (indicator_id, period_id)
LEFT JOIN count USING (indicator_id, area_code, period_id, sex, age_band)
LEFT JOIN population USING (indicator_id, area_code, period_id, sex, age_band)
LEFT JOIN expected USING (indicator_id, area_code, period_id)
LEFT JOIN official USING (indicator_id, area_code, period_id, sex)
