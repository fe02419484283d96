-- Grain: calendar year × area.
select year, area_code, area_name, value, ci95_lower, ci95_upper, base, note, _delivery_id
from {{ current_rows('aps_smoking_la') }} as survey
