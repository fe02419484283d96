-- A figure whose correction is held is the one published before, and no other says that it is held.
WITH held AS (SELECT value_key, held_reason FROM {{ ref('rst_held') }}),

published AS (
    SELECT *, concat_ws('|', indicator_id, area_code, period_id, sex, age_band) AS value_key FROM {{ ref('fct_indicator_value') }}
)

SELECT held.value_key
FROM held
JOIN published ON published.value_key = held.value_key
JOIN {{ source('pipeline', 'published_before') }} AS before USING (indicator_id, area_code, period_id, sex, age_band)
WHERE before.stands AND published.value_status <> 'suppressed_secondary'
    AND (published.value_status, published.status_reason, published.numerator, published.denominator, published.value, published.ci95_lower)
        IS DISTINCT FROM (before.value_status, held.held_reason, before.numerator, before.denominator, before.value, before.ci95_lower)
UNION ALL
SELECT value_key
FROM published
WHERE status_reason IN (SELECT held_reason FROM held) AND value_key NOT IN (SELECT value_key FROM held)
