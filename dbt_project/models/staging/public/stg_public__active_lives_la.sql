-- Grain: survey year × area × measure.
select survey_year, area_code, area_name, measure, value, ci95_lower, ci95_upper, base, note, _delivery_id
from {{ current_rows('active_lives_la') }} as survey
