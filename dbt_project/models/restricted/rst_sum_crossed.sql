-- Grain: one row per ward, IMD quintile with a small area (LSOA) in common, and count of both: the people who live in
-- that ward and that quintile. Nobody published them, but a reader knows where they live: a ward lies in one quintile
-- or in few, so they tie the two ways of cutting up the district together.
-- Wards that are not published at all tell nothing of a quintile and are left out.
with unit as (select * from {{ ref('rst_sum_unit') }}),

member as (select member_code, area_type, area_code from {{ ref('int_area_member') }}),

indicator as (
    select indicator_id from {{ ref('int_indicator') }} where not coalesce(list_contains(restricted_areas, 'ward'), false)
),

place as (
    select distinct ward.area_code as ward_code, quintile.area_code as quintile_code
    from member as ward
    join member as quintile on quintile.member_code = ward.member_code and quintile.area_type = 'imd_quintile'
    where ward.area_type = 'ward'
)

select
    'crossed ' || split_part(place.quintile_code, '_', 1) as split,
    ward.unit_key as ward_key,
    quintile.unit_key as quintile_key,
    ward.unit_key || ' in ' || place.quintile_code as crossed_key
from place
join unit as ward on ward.area_code = place.ward_code
join unit as quintile
    on quintile.area_code = place.quintile_code
    and (quintile.indicator_id, quintile.sex, quintile.age_band, quintile.measure, quintile.starts, quintile.next_starts)
        = (ward.indicator_id, ward.sex, ward.age_band, ward.measure, ward.starts, ward.next_starts)
join indicator on indicator.indicator_id = ward.indicator_id
