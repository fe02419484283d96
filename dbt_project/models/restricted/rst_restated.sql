-- Grain: one row per value and release that said it otherwise than it would now be shown, by policies under which two
-- counts can differ by 1 to 7 people for sure. Both sides as a reader sees them. Only a view of the past has two such
-- releases, the one before and the one after it.
WITH value AS (SELECT * FROM {{ ref('rst_primary') }}),

-- A share that was not given, of too few people, had its counts shown.
before AS (
    SELECT * REPLACE (replace(value_status, 'not_calculated_small', 'shown') AS value_status)
    FROM {{ source('pipeline', 'published_before') }}
),

now AS (
    SELECT
        value_key, indicator_id, area_code, period_id, sex, age_band, method, policy, denominator_is_count,
        CASE WHEN value_status = 'not_calculated_small' THEN value_status
            WHEN numerator_hidden OR denominator_hidden OR complement_hidden THEN 'suppressed_primary'
            ELSE 'shown' END AS new_status,
        -- Counts of days in parts are published whole: what rounding took off is no correction.
        CASE WHEN new_status = 'shown' THEN {{ rounded_by('whole', 'numerator_shown') }} END AS new_numerator,
        denominator_shown AS new_denominator
    FROM value
    WHERE numerator IS NOT NULL AND NOT restricted_only AND value_status <> 'official'
)

SELECT
    now.value_key, now.method, now.policy, now.denominator_is_count,
    before.value_status AS old_status, before.numerator AS old_numerator, before.denominator AS old_denominator,
    now.new_status, now.new_numerator, now.new_denominator
FROM now
JOIN before USING (indicator_id, area_code, period_id, sex, age_band)
WHERE now.policy = before.policy
    AND (now.new_status <> replace(before.value_status, 'unreliable_u', 'shown')
        OR now.new_numerator IS DISTINCT FROM before.numerator
        OR (now.denominator_is_count AND now.new_denominator IS DISTINCT FROM before.denominator))
