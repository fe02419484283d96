-- Grain: one row per published total and one of the parts that add up to it.
-- Wards, IMD quintiles and PCNs add up to the district, practices to their PCN; months to quarters and quarters to financial years; women and
-- men to persons.
WITH indicator AS (SELECT * FROM {{ ref('int_indicator') }}),

area AS (SELECT * FROM {{ ref('int_area') }}),

period AS (SELECT * FROM {{ ref('int_period') }}),

value AS (SELECT value_key, indicator_id, area_code, period_id, sex FROM {{ ref('rst_primary') }}),

area_part AS (
    SELECT parent.value_key AS total_key, child.value_key AS part_key, area.area_type AS split
    FROM value AS child
    JOIN area ON area.area_code = child.area_code AND area.area_type IN ('ward', 'imd_quintile', 'pcn', 'practice')
    JOIN value AS parent
        ON parent.area_code = area.parent_code
        AND parent.indicator_id = child.indicator_id
        AND parent.period_id = child.period_id
        AND parent.sex = child.sex
),

period_part AS (
    SELECT whole.period_id AS whole_id, part.period_id AS part_id, part.period_type AS split
    FROM period AS part
    JOIN period AS whole
        ON part.period_start >= whole.period_start
        AND part.period_end <= whole.period_end
        AND (part.period_type, whole.period_type) IN (('month', 'quarter'), ('quarter', 'financial_year'))
),

time_part AS (
    SELECT whole.value_key, part.value_key, period_part.split
    FROM value AS part
    JOIN indicator ON indicator.indicator_id = part.indicator_id AND indicator.aggregation = 'sum'
    JOIN period_part ON period_part.part_id = part.period_id
    JOIN value AS whole
        ON whole.period_id = period_part.whole_id
        AND whole.indicator_id = part.indicator_id
        AND whole.area_code = part.area_code
        AND whole.sex = part.sex
),

sex_part AS (
    SELECT persons.value_key, part.value_key, 'sex'
    FROM value AS part
    JOIN value AS persons
        ON persons.indicator_id = part.indicator_id
        AND persons.area_code = part.area_code
        AND persons.period_id = part.period_id
        AND persons.sex = 'persons'
    WHERE part.sex <> 'persons'
)

SELECT total_key, part_key, split FROM area_part
UNION ALL
SELECT * FROM time_part
UNION ALL
SELECT * FROM sex_part
