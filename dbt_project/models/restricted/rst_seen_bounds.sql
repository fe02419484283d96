-- Grain: one row per value (indicator, area, period, sex, age band) and protected count of it.
-- The range a reader would know each count to lie in after primary suppression and rounding: the numerator and,
-- for a proportion, the people it does not count. Secondary suppression reasons on these bounds alone.
-- What is not published at all (not supplied, or restricted to the partners) could be anything.
WITH value AS (SELECT * FROM {{ ref('rst_primary') }}),

numerator AS (
    SELECT
        *,
        restricted_only OR numerator_hidden OR denominator_hidden OR complement_hidden AS any_hidden,
        CASE WHEN restricted_only OR numerator IS NULL THEN 0 WHEN numerator_hidden THEN 1
            WHEN numerator = 0 THEN 0 ELSE greatest(numerator_shown - slack, least_shown) END AS numerator_low,
        CASE WHEN restricted_only OR numerator IS NULL THEN 1e12 WHEN numerator_hidden THEN most_hidden
            ELSE numerator_shown + slack END AS numerator_high
    FROM value
)

SELECT
    value_key, area_code, period_id, 'numerator' AS measure, rounded, any_hidden,
    numerator_hidden AND NOT restricted_only AS hidden,
    numerator AS exact,
    numerator_low::DOUBLE AS low,
    numerator_high::DOUBLE AS high
FROM numerator

UNION ALL

SELECT
    value_key, area_code, period_id, 'complement', rounded, any_hidden,
    complement_hidden AND NOT restricted_only,
    denominator - numerator,
    CASE WHEN complement_hidden THEN 1 ELSE greatest(coalesce(denominator_shown - 2 - numerator_high, 0), 0) END,
    CASE WHEN complement_hidden THEN most_hidden
        ELSE greatest(coalesce(denominator_shown + 2 - numerator_low, 1e12), 0) END
FROM numerator
WHERE method = 'proportion'
