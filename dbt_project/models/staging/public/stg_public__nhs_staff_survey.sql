-- Grain: year × organisation × theme.
select survey_year, org_code, org_name, theme, value, ci95_lower, ci95_upper, base, note, _delivery_id
from {{ current_rows('nhs_staff_survey') }} as survey
