-- Grain: one row per ward, IMD quintile with a small area (LSOA) in common, and count of both: the people who live in
-- that ward and that quintile. Nobody published them, but a reader knows where they live: a ward lies in one quintile
-- or in few, so they tie the two ways of cutting up the district together.
-- Wards that are not published at all tell nothing of a quintile and are left out.
WITH unit AS (SELECT * FROM {{ ref('rst_sum_unit') }}),

member AS (SELECT member_code, area_type, area_code FROM {{ ref('int_area_member') }}),

indicator AS (
    SELECT indicator_id FROM {{ ref('int_indicator') }} WHERE NOT coalesce(list_contains(restricted_areas, 'ward'), FALSE)
),

place AS (
    SELECT DISTINCT ward.area_code AS ward_code, quintile.area_code AS quintile_code
    FROM member AS ward
    JOIN member AS quintile ON quintile.member_code = ward.member_code AND quintile.area_type = 'imd_quintile'
    WHERE ward.area_type = 'ward'
)

SELECT
    'crossed ' || split_part(place.quintile_code, '_', 1) AS split,
    ward.unit_key AS ward_key,
    quintile.unit_key AS quintile_key,
    ward.unit_key || ' in ' || place.quintile_code AS crossed_key
FROM place
JOIN unit AS ward ON ward.area_code = place.ward_code
JOIN unit AS quintile
    ON quintile.area_code = place.quintile_code
    AND (quintile.indicator_id, quintile.sex, quintile.age_band, quintile.measure, quintile.starts, quintile.next_starts)
        = (ward.indicator_id, ward.sex, ward.age_band, ward.measure, ward.starts, ward.next_starts)
JOIN indicator ON indicator.indicator_id = ward.indicator_id
