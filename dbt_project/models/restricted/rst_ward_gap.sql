-- Grain: one row per indicator and period with wards: highest ward minus lowest. No ward is named from here on. A
-- ward too small for a life table is left out; any other measure needs every ward.
-- Limits by the method of variance estimates recovery (Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702)
-- from the limits of the two wards; they know nothing of the wards having been picked, see rst_chance_gap. All three are rounded
-- here: what is made of them later must not tell more.
-- Deaths that the wards' own figures are kept back for: of pooled years only. In a single year the gap names the ward.
WITH ward AS (SELECT * FROM {{ ref('rst_ward_value') }}),

period AS (SELECT period_id, period_type FROM {{ ref('int_period') }}),

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
),

gap AS (
    SELECT
        extremes.*,
        is_restricted AND period.period_type NOT LIKE 'pooled%' AS is_withheld,
        highest.value - lowest.value AS exact_gap,
        greatest(exact_gap - sqrt(power(highest.value - highest.lower, 2) + power(lowest.upper - lowest.value, 2)), 0)
            AS exact_lower,
        exact_gap + sqrt(power(highest.upper - highest.value, 2) + power(lowest.value - lowest.lower, 2)) AS exact_upper
    FROM extremes
    JOIN period ON period.period_id = extremes.period_id
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
        WHEN is_withheld THEN 'suppressed_primary'
        ELSE 'shown' END AS value_status,
    method,
    {% for column in ['gap', 'lower', 'upper'] -%}
    CASE WHEN NOT is_withheld THEN {{ published_number('ward_gap', 'exact_' ~ column, 'method') }} END AS {{ column }}
    {{- ',' if not loop.last }}
    {% endfor %}
FROM gap
