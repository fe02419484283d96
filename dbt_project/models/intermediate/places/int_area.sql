-- Grain: area. Every place for which figures may be published: wards, practices, and the areas of the seed.
with

areas as (select * from {{ ref('area') }}),

wards as (select * from {{ ref('ward') }}),

lsoas as (select * from {{ ref('lsoa11') }}),

practices as (select * from {{ ref('gp_practice') }}),

members as (select * from {{ ref('int_area_member') }}),

scores as (
    select
        members.area_code,
        avg(lsoas.imd15_score) as imd_score,
        avg(lsoas.imd19_rank) as imd19_rank
    from members
    inner join lsoas on members.member_code = lsoas.lsoa11_code
    group by members.area_code
),

named as (
    select area_code, area_name, area_type, parent_code, cast(null as varchar) as institution
    from areas
    union all
    select ward17_code, ward_name, 'ward', district_code, institution
    from wards
    union all
    select practice_code, practice_name, 'practice', pcn_code, null
    from practices
)

select
    named.area_code,
    named.area_name,
    named.area_type,
    named.parent_code,
    coalesce(wards.imd15_score, scores.imd_score) as imd_score,
    coalesce(wards.imd19_rank, scores.imd19_rank) as imd19_rank,
    case
        when named.area_type = 'imd_quintile' then 2000 + cast(substr(named.area_code, 4, 2) as integer)
    end as imd_vintage,
    named.institution
from named
left join wards on named.area_code = wards.ward17_code
left join scores on named.area_code = scores.area_code
