-- Children in out-of-work benefit households on 31 May, as the publisher rounds them, of all children aged 0 to 18.
-- Wards and the district as published; quintiles from LSOAs, when the file has every one of them.
with

published as (select * from {{ ref('stg_public__dwp_children_oow') }}),

members as (select * from {{ ref('int_area_member') }} where area_type = 'imd_quintile'),

children as (
    -- The age groups of the population end at 17 and 19: of those aged 18 and 19 the registry says which share is 18.
    select
        area_code,
        population_year,
        round(sum(case when age_from < 18 then population
            else population * {{ indicator_parameter('children_out_of_work_families', 'share_aged_18') }} end)) as children
    from {{ ref('int_population') }}
    where list = 'resident' and age_from <= 18
    group by all
),

snapshots as (select distinct snapshot_date from published),

quintiles as (
    select
        snapshots.snapshot_date,
        members.area_code,
        {{ strict_sum('published.children') }} as children
    from snapshots
    cross join members
    left join published
        on snapshots.snapshot_date = published.snapshot_date and members.member_code = published.area_code
    group by all
),

counted as (
    select snapshot_date, area_code, children
    from published
    where area_code in (select ward17_code from {{ ref('ward') }}) or area_code = '{{ var("district_code") }}'
    union all
    select * from quintiles
)

select
    counted.snapshot_date as period_start,
    counted.area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    counted.children as numerator,
    children.children as denominator
from counted
inner join children
    on counted.area_code = children.area_code
    and extract(year from counted.snapshot_date) = children.population_year
