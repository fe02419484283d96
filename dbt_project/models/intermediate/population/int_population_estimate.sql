-- Grain: area × list × mid_year × age_from. Populations as published or delivered, before any year is filled in.
with

delivered as (select * from {{ ref('stg_public__ons_population_lsoa') }}),

seeded as (
    unpivot {{ ref('population_estimate') }}
    on columns(* exclude (area_code, mid_year)) into name age_group value population
),

seeded_groups as (
    select
        area_code,
        mid_year,
        cast(regexp_extract(age_group, '[0-9]+') as integer) as age_from,
        population
    from seeded
),

residents as (
    select lsoa11 as area_code, mid_year, {{ age_from('age') }} as age_from, sum(population) as population
    from delivered
    group by all
    union all
    -- A delivered estimate replaces the seed's of the same place and year.
    select seeded_groups.*
    from seeded_groups
    anti join delivered
        on seeded_groups.area_code = delivered.lsoa11 and seeded_groups.mid_year = delivered.mid_year
),

resident_areas as (
    select members.area_code, residents.mid_year, residents.age_from, residents.population
    from residents
    inner join {{ ref('int_area_member') }} as members on residents.area_code = members.member_code
),

registered as (select * from {{ ref('int_registered_population') }})

select area_code, 'resident' as list, mid_year, age_from, cast(sum(population) as bigint) as population
from resident_areas
group by all

union all

select pcn_code, 'registered', list_year, age_from, population
from registered
