-- Grain: indicator × area × sex × age × category × period. England stands in an export under each parent area, with
-- the same figures: once is enough.
select
    indicator_id,
    indicator_name,
    area_code,
    area_type,
    sex,
    age,
    category_type,
    category,
    time_period,
    value,
    ci95_lower,
    ci95_upper,
    ci998_lower,
    ci998_upper,
    count,
    denominator,
    value_note,
    _delivery_id
from {{ current_rows('ohid_fingertips') }} as exported
qualify row_number() over (
    partition by indicator_id, area_code, sex, age, category_type, category, time_period
    order by parent_code nulls first, _row_number
) = 1
