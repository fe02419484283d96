-- Grain: one row per indicator and period with wards: highest ward minus lowest. No ward is named from here on. A
-- ward too small for a life table is left out; any other measure needs every ward.
-- Limits by the method of variance estimates recovery (Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702)
-- from the limits of the two wards; they know nothing of the wards having been picked, see rst_chance_gap.
WITH ward AS (SELECT * FROM {{ ref('rst_ward_value') }}),

extremes AS (
    SELECT
        indicator_id,
        period_id,
        any_value(is_restricted) AS is_restricted,
        any_value(method) AS method,
        bool_or(provisional) AS provisional,
        bool_and(is_complete) AS is_complete,
        count(*) AS wards,
        count(value) AS wards_with_value,
        bool_or(is_missing) AS is_missing,
        arg_max({'value': value, 'lower': ci95_lower, 'upper': ci95_upper}, (value, ci95_lower))
            FILTER (value IS NOT NULL) AS highest,
        arg_min({'value': value, 'lower': ci95_lower, 'upper': ci95_upper}, (value, ci95_upper))
            FILTER (value IS NOT NULL) AS lowest
    FROM ward
    GROUP BY ALL
)

SELECT
    indicator_id,
    period_id,
    is_restricted,
    provisional,
    is_complete,
    wards_with_value AS wards,
    CASE WHEN is_missing THEN 'not_supplied' WHEN wards_with_value < CASE method WHEN 'life_expectancy' THEN {{ var('fewest_wards_of_a_gap') }} ELSE wards END
            THEN 'not_calculated_small'
        ELSE 'shown' END AS value_status,
    highest.value - lowest.value AS gap,
    greatest(gap - sqrt(power(highest.value - highest.lower, 2) + power(lowest.upper - lowest.value, 2)), 0) AS lower,
    gap + sqrt(power(highest.upper - highest.value, 2) + power(lowest.value - lowest.lower, 2)) AS upper
FROM extremes
