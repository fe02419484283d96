-- Grain: one row per sum that ties counts together and count in it: parts have the sign 1, the total -1.
-- Wards, the quintiles of an index and PCNs each add up to the same district, practices to their PCN, sites to their
-- trust; women and men to persons, ages to all; periods to the spans of months they are made of; a share's two sides to its
-- denominator; an indicator's events and the rest to those of the indicator it is part of (rst_sum_linked); what a ward
-- and a quintile have in common (rst_sum_crossed) to either of them.
WITH unit AS (SELECT * FROM {{ ref('rst_sum_unit') }}),

-- The quintiles of each index are a way of their own of cutting up the district.
area AS (
    SELECT area_code, area_type, parent_code, concat_ws(' ', area_type, imd_vintage) AS split FROM {{ ref('int_area') }}
),

area_part AS (
    SELECT whole.unit_key AS total_key, part.unit_key AS part_key, area.split
    FROM unit AS part
    JOIN area
        ON area.area_code = part.area_code
        AND area.area_type IN ('ward', 'imd_quintile', 'pcn', 'practice', 'site')
    JOIN unit AS whole
        ON whole.area_code = area.parent_code
        AND (whole.indicator_id, whole.sex, whole.age_band, whole.measure, whole.starts, whole.next_starts)
            = (part.indicator_id, part.sex, part.age_band, part.measure, part.starts, part.next_starts)
),

sex_part AS (
    SELECT persons.unit_key AS total_key, part.unit_key AS part_key, 'sex' AS split
    FROM unit AS part
    JOIN unit AS persons
        ON persons.sex = 'persons'
        AND persons.age_band = 'all'
        AND (persons.indicator_id, persons.area_code, persons.measure, persons.starts, persons.next_starts)
            = (part.indicator_id, part.area_code, part.measure, part.starts, part.next_starts)
    WHERE part.sex <> 'persons'
),

age_part AS (
    SELECT everybody.unit_key AS total_key, part.unit_key AS part_key, 'age' AS split
    FROM unit AS part
    JOIN unit AS everybody
        ON everybody.age_band = 'all'
        AND (everybody.indicator_id, everybody.area_code, everybody.sex, everybody.measure, everybody.starts, everybody.next_starts)
            = (part.indicator_id, part.area_code, part.sex, part.measure, part.starts, part.next_starts)
    WHERE part.age_band <> 'all'
),

side AS (
    SELECT value_key || '#denominator' AS total_key, count_key AS part_key, 'side' AS split
    FROM {{ ref('rst_seen_bounds') }}
    WHERE measure <> 'denominator'
    QUALIFY bool_or(measure = 'complement') OVER (PARTITION BY value_key)
),

part AS (
    SELECT * FROM area_part
    UNION ALL
    SELECT * FROM sex_part
    UNION ALL
    SELECT * FROM age_part
    UNION ALL
    SELECT * FROM side
    UNION ALL
    SELECT count_key, unit_key, 'time' FROM {{ ref('rst_sum_time') }}
    UNION ALL
    SELECT total_key, unnest([part_key, rest_key]), split FROM {{ ref('rst_sum_linked') }}
    UNION ALL
    SELECT unnest([ward_key, quintile_key]), crossed_key, split FROM {{ ref('rst_sum_crossed') }}
)

SELECT DISTINCT split || ' ' || total_key AS sum_key, total_key AS count_key, -1 AS sign FROM part
UNION ALL
SELECT split || ' ' || total_key, part_key, 1 FROM part
