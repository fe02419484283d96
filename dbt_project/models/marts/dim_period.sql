-- Grain: one row per period inside the range of the data.
with period as (select * from {{ ref('int_period') }})

select period_id, period_type, period_start, period_end, label
from period
