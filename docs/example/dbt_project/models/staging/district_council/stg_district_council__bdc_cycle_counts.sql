-- Grain: counter × day.
select counter, day, lsoa11, bicycles, _delivery_id
from {{ current_rows('bdc_cycle_counts') }} as counts
