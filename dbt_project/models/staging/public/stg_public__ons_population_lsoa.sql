-- Grain: LSOA × mid-year × year of age; 90 is 90 and over.
select
    lsoa11,
    cast(extract(year from _period_start) as integer) as mid_year,
    age,
    persons as population,
    _delivery_id
from {{ current_rows('ons_population_lsoa') }} as residents
