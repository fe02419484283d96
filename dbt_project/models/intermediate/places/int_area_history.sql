-- Grain: area × valid_from. Under which code each place stood from when to when, and whether its figures may be
-- compared over the change that began the spell. An empty date is before, or after, anything counted here.
with

areas as (select * from {{ ref('int_area') }}),

changes as (select * from {{ ref('area_change') }}),

practices as (select * from {{ ref('gp_practice') }}),

began as (select area_code from changes where change = 'began'),

spells as (
    -- The spell before any change; of a place that began on a known day there is none.
    select
        areas.area_code,
        practices.open_date as valid_from,
        areas.area_code as code_in_force,
        true as is_comparable,
        cast(null as varchar) as note
    from areas
    left join practices on areas.area_code = practices.practice_code
    where areas.area_code not in (select area_code from began)
    union all
    select area_code, changed_on, new_code, is_comparable, note
    from changes
),

dated as (
    select
        *,
        lead(valid_from) over (partition by area_code order by valid_from nulls first) as next_from,
        lead(code_in_force) over (partition by area_code order by valid_from nulls first) as next_code
    from spells
)

select
    areas.area_code,
    dated.valid_from,
    coalesce(dated.next_from - 1, practices.close_date) as valid_to,
    areas.area_type,
    areas.area_name,
    dated.code_in_force,
    coalesce(nullif(dated.next_code, dated.code_in_force), takers.area_code) as successor_code,
    dated.is_comparable,
    dated.note
from dated
inner join areas on dated.area_code = areas.area_code
left join practices on dated.area_code = practices.practice_code
left join changes as takers on dated.area_code = takers.old_code and takers.change = 'took_over'
