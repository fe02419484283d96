-- Grain: one row per delivery that stands: received, neither withdrawn nor replaced by a landing again of the same file.
select * exclude (state, state_since)
from {{ ref('int_delivery_received') }}
where state in ('received', 'landed_again')
