-- Grain: area × list × year × age group. The populations that rates are made of, for the years figures are given for.
-- Residents as published by the Office for National Statistics; people on the lists of a network to the nearest 5.
with population as (select * from {{ ref('int_population') }}),

period as (select year(min(period_start)) as first_year, year(max(period_end)) as last_year from {{ ref('dim_period') }})

select
    population.area_code,
    population.list,
    population.population_year,
    population.age_from,
    population.age_band,
    case population.list when 'registered' then 5 * round(population.population / 5)
        else round(population.population) end::double as population,
    population.is_estimated,
    population.basis
from population
join period on population.population_year between period.first_year and period.last_year
where population.population is not null
