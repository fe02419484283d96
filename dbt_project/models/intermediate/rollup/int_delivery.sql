-- Grain: one row per delivery that stands: received, neither withdrawn nor replaced by a landing again of the same file.
SELECT * EXCLUDE (state, state_since)
FROM {{ ref('int_delivery_received') }}
WHERE state IN ('received', 'landed_again')
