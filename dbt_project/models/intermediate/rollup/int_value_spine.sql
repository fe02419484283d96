-- Grain: one row per value that is expected: indicator × area × period × sex it is calculated for,
-- from the month the registry says its data start. Nothing is dropped later; what is missing gets a status.
WITH indicator AS (SELECT * FROM {{ ref('int_indicator') }}),

area AS (SELECT area_code, area_type FROM {{ ref('int_area') }}),

period AS (SELECT * FROM {{ ref('int_period') }})

SELECT
    indicator.indicator_id,
    area.area_code,
    period.period_id,
    indicator_sex.sex,
    'all' AS age_band,
    area.area_type,
    period.period_type,
    period.period_start,
    period.period_end,
    period.months,
    list_contains(indicator.official_areas, area.area_type) AS is_official,
    CASE WHEN list_contains(indicator.official_areas, area.area_type) THEN area.area_code ELSE 'local' END AS source
FROM indicator
CROSS JOIN unnest(indicator.sexes) AS indicator_sex (sex)
JOIN area ON list_contains(indicator.areas, area.area_type)
JOIN period
    ON list_contains(indicator.periods, period.period_type)
    AND period.period_start >= date_trunc('month', indicator.starts)
    AND (period.period_type NOT LIKE 'pooled%' OR period.year_type = indicator.pooled_years)
