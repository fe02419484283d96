-- Grain: one row per value. The counts as primary suppression shows them; where a correction is held, the figure stays as
-- it was published before, with all its numbers. `numerator` and `denominator` stay exact.
-- What is shown of a count whose correction is held says only that it lies within 7 people. A count beside it that
-- has changed, too, is no longer known (`_stale`).
WITH value AS (SELECT * FROM {{ ref('rst_primary') }}),

held AS (SELECT * FROM {{ ref('rst_held') }}),

before AS (SELECT * FROM {{ source('pipeline', 'published_before') }} WHERE stands),

stood AS (
    SELECT
        value.value_key, held.* EXCLUDE (value_key), before.value_status AS held_status,
        before.numerator IS DISTINCT FROM value.numerator_shown AS numerator_stale,
        before.denominator IS DISTINCT FROM value.denominator_shown AS denominator_stale,
        {% for column in ['numerator', 'denominator', 'value', 'ci95_lower', 'ci95_upper', 'ci998_lower', 'ci998_upper'] %}
        before.{{ column }} AS held_{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    FROM held
    JOIN value ON value.value_key = held.value_key
    JOIN before USING (indicator_id, area_code, period_id, sex, age_band)
)

SELECT
    value.* REPLACE (
        {% for column in ['value', 'ci95_lower', 'ci95_upper', 'ci998_lower', 'ci998_upper'] %}
        CASE WHEN stood.value_key IS NULL THEN value.{{ column }} ELSE stood.held_{{ column }} END AS {{ column }},
        {% endfor %}
        CASE WHEN stood.value_key IS NULL THEN numerator_shown ELSE held_numerator END AS numerator_shown,
        CASE WHEN stood.value_key IS NULL THEN denominator_shown ELSE held_denominator END AS denominator_shown
    ),
    stood.value_key IS NOT NULL AS is_held,
    held_status, held_reason,
    {% for part in ['numerator_held', 'denominator_held', 'complement_held', 'numerator_stale', 'denominator_stale'] %}
    coalesce({{ part }}, FALSE) AS {{ part }}{{ ',' if not loop.last }}
    {% endfor %}
FROM value
LEFT JOIN stood ON stood.value_key = value.value_key
