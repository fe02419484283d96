-- Grain: one row per published count of an indicator that is part of another, where that has the same count: deaths from
-- coronary heart disease, those from any circulatory disease of the same people and months. Nobody counted the rest by
-- itself; a reader knows that it is not below 0.
-- A rest above 20 is left out: disclosure control moves a count by 10 at most (protect.py), up or down, and never meets it.
WITH seen AS (SELECT * FROM {{ ref('rst_seen_bounds') }} WHERE measure = 'numerator'),

value AS (SELECT value_key, indicator_id, area_code, period_id, sex, age_band FROM {{ ref('rst_standing') }}),

indicator AS (SELECT indicator_id, part_of FROM {{ ref('int_indicator') }}),

count AS (
    SELECT value.*, seen.count_key, seen.exact, indicator.part_of
    FROM seen
    JOIN value ON value.value_key = seen.value_key
    JOIN indicator ON indicator.indicator_id = value.indicator_id
    WHERE seen.exact IS NOT NULL
)

SELECT
    part.indicator_id || ' in' AS split,
    whole.count_key AS total_key,
    part.count_key AS part_key,
    part.count_key || ' rest' AS rest_key
FROM count AS part
JOIN count AS whole
    ON whole.indicator_id = part.part_of
    AND (whole.area_code, whole.period_id, whole.sex, whole.age_band)
        = (part.area_code, part.period_id, part.sex, part.age_band)
WHERE whole.exact - part.exact BETWEEN 0 AND 20
