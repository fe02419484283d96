-- Grain: figure. What the plans state for context and no extract carries: transcribed, not calculated.
SELECT context_id, item, place, value, unit, comparator, comparator_value, source
FROM {{ ref('plan_context') }}
