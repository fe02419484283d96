-- Grain: area × list × age_from × sex. The share that women and men have of the people on the practices' lists, over
-- all snapshots: published small-area estimates come without sex. A place with nobody of an age has the district's.
with

register as (select * from {{ ref('int_register') }} where sex is not null and age is not null),

listed as (
    select {{ age_from('register.age') }} as age_from, sex, pcn_code, lsoa11, count(*) as people
    from register
    group by all
),

placed as (
    select members.area_code, 'resident' as list, listed.age_from, listed.sex, sum(listed.people) as people
    from listed
    inner join {{ ref('int_area_member') }} as members on listed.lsoa11 = members.member_code
    group by all
    union all
    select pcn_code, 'registered', age_from, sex, sum(people)
    from listed
    where pcn_code is not null
    group by all
),

areas as (
    select area_code, list from placed
    union
    select members.area_code, 'resident'
    from {{ ref('int_area_member') }} as members
    inner join {{ ref('lsoa11') }} as lsoas on members.member_code = lsoas.lsoa11_code
),

spine as (
    select areas.area_code, areas.list, ages.age_from, sexes.sex
    from areas
    cross join (select distinct age_from from listed) as ages
    cross join (select unnest(['female', 'male']) as sex) as sexes
),

counted as (
    select
        spine.*,
        coalesce(placed.people, 0) as people,
        sum(coalesce(placed.people, 0)) over (partition by spine.area_code, spine.list, spine.age_from) as everybody
    from spine
    left join placed using (area_code, list, age_from, sex)
)

select
    counted.area_code,
    counted.list,
    counted.age_from,
    counted.sex,
    coalesce(counted.people / nullif(counted.everybody, 0), district.people / nullif(district.everybody, 0)) as share
from counted
left join counted as district
    on district.area_code = '{{ var('district_code') }}'
    and district.age_from = counted.age_from
    and district.sex = counted.sex
