-- Grain: one row per area. Population: residents of the latest estimate; a PCN has the list of its practices.
with area as (select * from {{ ref('int_area') }}),

history as (
    select
        area_code,
        -- Empty wins: a place that was there before anything is counted has no first day.
        case when bool_and(valid_from is not null) then min(valid_from) end as valid_from,
        case when bool_and(valid_to is not null) then max(valid_to) end as valid_to,
        max(valid_from) filter (not is_comparable) as comparable_from,
        string_agg(note, '. ' order by valid_from) as note
    from {{ ref('int_area_history') }}
    group by all
),

population as (
    select area_code, list, population_year, sum(population) as population
    from {{ ref('int_population') }}
    where not is_estimated
    group by all
),

latest as (
    select area_code, list, arg_max(population, population_year)::bigint as population
    from population
    group by all
)

select
    area.area_code,
    area.area_name,
    -- A hospital site is published as a provider whose parent is its trust.
    case area.area_type when 'site' then 'provider' else area.area_type end as area_type,
    area.parent_code,
    latest.population,
    {{ rounded_by('one_decimal', 'area.imd_score::DOUBLE') }} as imd_score,
    round(area.imd19_rank)::integer as imd19_rank,
    area.imd_vintage,
    area.institution,
    history.valid_from,
    history.valid_to,
    history.comparable_from,
    history.note
from area
left join history on history.area_code = area.area_code
left join latest
    on latest.area_code = area.area_code
    and latest.list = case area.area_type when 'pcn' then 'registered' else 'resident' end
