-- Grain: figure. What the plans state for context and no extract carries: transcribed, not calculated.
select context_id, item, place, value, unit, comparator, comparator_value, source
from {{ ref('plan_context') }}
