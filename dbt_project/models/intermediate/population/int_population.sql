-- Grain: area × list × population_year × age_from. Years between two estimates are interpolated, years outside them carry
-- the nearest, both flagged; too far outside there is no population.
with

estimates as (select * from {{ ref('int_population_estimate') }}),

years as (
    select cast(year as integer) as population_year
    from range({{ var('population_first_year') }}, {{ var('population_last_year') }} + 1) as years (year)
),

neighbours as (
    select
        estimates.area_code,
        estimates.list,
        estimates.age_from,
        years.population_year,
        max(mid_year) filter (where mid_year <= population_year) as year_before,
        min(mid_year) filter (where mid_year >= population_year) as year_after,
        arg_max(population, mid_year) filter (where mid_year <= population_year) as population_before,
        arg_min(population, mid_year) filter (where mid_year >= population_year) as population_after
    from estimates
    cross join years
    group by all
)

select
    area_code,
    list,
    population_year,
    age_from,
    {{ age_band('age_from') }} as age_band,
    case
        when abs(population_year - coalesce(year_before, year_after)) > {{ var('population_carried_years') }}
            and (year_before is null or year_after is null)
            then null
        when year_before is null then population_after
        when year_after is null or year_after = year_before then population_before
        else population_before + (population_after - population_before)
            * (population_year - year_before) / (year_after - year_before)
    end as population,
    year_before is distinct from population_year as is_estimated,
    case
        when year_before = population_year then 'published'
        when population is null then 'none'
        when year_before is null or year_after is null then 'carried'
        else 'interpolated'
    end as basis
from neighbours
