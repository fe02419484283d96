-- Grain: MSOA × sex × five years.
select
    cast(extract(year from _period_start) as integer) as first_year,
    years,
    msoa_code,
    msoa_name,
    sex,
    deaths,
    population,
    life_expectancy,
    ci95_lower,
    ci95_upper,
    _delivery_id
from {{ current_rows('ohid_life_expectancy_msoa') }} as received
