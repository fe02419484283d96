-- Grain: year × cause group × sex × age band.
select
    year,
    cause_group,
    sex,
    age_band,
    deaths,
    population,
    note,
    _delivery_id
from {{ current_rows('ons_deaths_england') }} as deaths
