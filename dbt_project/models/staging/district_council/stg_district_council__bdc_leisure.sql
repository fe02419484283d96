-- Grain: visit. Casual visits have no member.
select
    visit_id,
    member_key,
    site,
    activity,
    visit_datetime as visited_at,
    lsoa11,
    birth_year,
    {{ sex_label('sex') }} as sex,
    _delivery_id
from {{ current_rows('bdc_leisure') }} as visits
