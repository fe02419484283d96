-- Grain: one row per sum that ties counts together and count in it: parts have the sign 1, the total -1.
-- Wards, the quintiles of an index and PCNs each add up to the same district, practices to their PCN, sites to their
-- trust; women and men to persons, ages to all; periods to the spans of months they are made of; a share's two sides to its
-- denominator; an indicator's events and the rest to those of the indicator it is part of (rst_sum_linked); what a ward
-- and a quintile have in common (rst_sum_crossed) to either of them.
with unit as (select * from {{ ref('rst_sum_unit') }}),

-- The quintiles of each index are a way of their own of cutting up the district.
area as (
    select area_code, area_type, parent_code, concat_ws(' ', area_type, imd_vintage) as split from {{ ref('int_area') }}
),

area_part as (
    select whole.unit_key as total_key, part.unit_key as part_key, area.split
    from unit as part
    join area
        on area.area_code = part.area_code
        and area.area_type in ('ward', 'imd_quintile', 'pcn', 'practice', 'site')
    join unit as whole
        on whole.area_code = area.parent_code
        and (whole.indicator_id, whole.sex, whole.age_band, whole.measure, whole.starts, whole.next_starts)
            = (part.indicator_id, part.sex, part.age_band, part.measure, part.starts, part.next_starts)
),

sex_part as (
    select persons.unit_key as total_key, part.unit_key as part_key, 'sex' as split
    from unit as part
    join unit as persons
        on persons.sex = 'persons'
        and persons.age_band = 'all'
        and (persons.indicator_id, persons.area_code, persons.measure, persons.starts, persons.next_starts)
            = (part.indicator_id, part.area_code, part.measure, part.starts, part.next_starts)
    where part.sex <> 'persons'
),

age_part as (
    select everybody.unit_key as total_key, part.unit_key as part_key, 'age' as split
    from unit as part
    join unit as everybody
        on everybody.age_band = 'all'
        and (everybody.indicator_id, everybody.area_code, everybody.sex, everybody.measure, everybody.starts, everybody.next_starts)
            = (part.indicator_id, part.area_code, part.sex, part.measure, part.starts, part.next_starts)
    where part.age_band <> 'all'
),

side as (
    select value_key || '#denominator' as total_key, count_key as part_key, 'side' as split
    from {{ ref('rst_seen_bounds') }}
    where measure <> 'denominator'
    qualify bool_or(measure = 'complement') over (partition by value_key)
),

part as (
    select * from area_part
    union all
    select * from sex_part
    union all
    select * from age_part
    union all
    select * from side
    union all
    select count_key, unit_key, 'time' from {{ ref('rst_sum_time') }}
    union all
    select total_key, unnest([part_key, rest_key]), split from {{ ref('rst_sum_linked') }}
    union all
    select unnest([ward_key, quintile_key]), crossed_key, split from {{ ref('rst_sum_crossed') }}
)

select distinct split || ' ' || total_key as sum_key, total_key as count_key, -1 as sign from part
union all
select split || ' ' || total_key, part_key, 1 from part
