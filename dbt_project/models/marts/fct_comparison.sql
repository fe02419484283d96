-- Grain: indicator × area × period × sex × age band × comparator area. Every published figure beside those of the
-- places it belongs to, as far as these have one: the district, Nottinghamshire, East Midlands, England. Read from
-- published figures only; what is not complete is not compared.
WITH RECURSIVE value AS (SELECT * FROM {{ ref('fct_indicator_value') }} WHERE value IS NOT NULL AND is_complete),

indicator AS (SELECT indicator_id, direction, precision FROM {{ ref('int_indicator') }}),

comparator AS (SELECT * FROM {{ ref('rst_comparator') }}),

belongs AS (
    SELECT area_code, parent_code FROM {{ ref('int_area') }}
    UNION
    SELECT belongs.area_code, area.parent_code
    FROM belongs
    JOIN {{ ref('int_area') }} AS area ON area.area_code = belongs.parent_code
),

compared AS (
    SELECT
        value.*, comparator.comparator_area AS other_area, comparator.comparator_period AS other_period,
        comparator.comparator_value AS other_value, value.value - comparator.comparator_value AS difference,
        indicator.direction, indicator.precision
    FROM value
    JOIN indicator ON indicator.indicator_id = value.indicator_id
    JOIN comparator
        ON comparator.indicator_id = value.indicator_id
        AND comparator.area_code = value.area_code
        AND comparator.period_id = value.period_id
        AND comparator.sex = value.sex
        AND comparator.age_band = value.age_band
    JOIN belongs ON belongs.area_code = value.area_code AND belongs.parent_code = comparator.comparator_area
)

SELECT
    indicator_id, area_code, period_id, sex, age_band,
    other_area AS comparator_area,
    other_period AS comparator_period,
    other_value AS comparator_value,
    {{ published_number('figure', 'difference', 'method', 'precision') }} AS difference,
    {{ compared('ci95_lower', 'ci95_upper', 'other_value', 'direction') }} AS compared_95,
    {{ compared('ci998_lower', 'ci998_upper', 'other_value', 'direction') }} AS compared_998
FROM compared
