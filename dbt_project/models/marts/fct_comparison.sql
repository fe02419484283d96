-- Grain: indicator × area × period × sex × age band × comparator area. Every published figure beside those of the
-- places it belongs to, as far as these have one: the district, Nottinghamshire, East Midlands, England. Read from
-- published figures only; what is not complete is not compared.
WITH RECURSIVE value AS (SELECT * FROM {{ ref('fct_indicator_value') }} WHERE value IS NOT NULL AND is_complete),

indicator AS (SELECT indicator_id, direction FROM {{ ref('int_indicator') }}),

comparator AS (SELECT * FROM {{ ref('rst_comparator') }}),

belongs AS (
    SELECT area_code, parent_code FROM {{ ref('int_area') }}
    UNION
    SELECT belongs.area_code, area.parent_code
    FROM belongs
    JOIN {{ ref('int_area') }} AS area ON area.area_code = belongs.parent_code
)

SELECT
    value.indicator_id,
    value.area_code,
    value.period_id,
    value.sex,
    value.age_band,
    comparator.comparator_area,
    comparator.comparator_period,
    comparator.comparator_value,
    value.value - comparator.comparator_value AS difference,
    {{ compared('value.ci95_lower', 'value.ci95_upper', 'comparator.comparator_value', 'indicator.direction') }} AS compared_95,
    {{ compared('value.ci998_lower', 'value.ci998_upper', 'comparator.comparator_value', 'indicator.direction') }} AS compared_998
FROM value
JOIN indicator ON indicator.indicator_id = value.indicator_id
JOIN comparator
    ON comparator.indicator_id = value.indicator_id
    AND comparator.area_code = value.area_code
    AND comparator.period_id = value.period_id
    AND comparator.sex = value.sex
    AND comparator.age_band = value.age_band
JOIN belongs ON belongs.area_code = value.area_code AND belongs.parent_code = comparator.comparator_area
