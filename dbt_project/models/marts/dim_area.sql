-- Grain: one row per area. Population: residents of the latest estimate; a PCN has the list of its practices.
WITH area AS (SELECT * FROM {{ ref('int_area') }}),

history AS (
    SELECT
        area_code,
        -- Empty wins: a place that was there before anything is counted has no first day.
        CASE WHEN bool_and(valid_from IS NOT NULL) THEN min(valid_from) END AS valid_from,
        CASE WHEN bool_and(valid_to IS NOT NULL) THEN max(valid_to) END AS valid_to,
        max(valid_from) FILTER (NOT is_comparable) AS comparable_from,
        string_agg(note, '. ' ORDER BY valid_from) AS note
    FROM {{ ref('int_area_history') }}
    GROUP BY ALL
),

population AS (
    SELECT area_code, list, population_year, sum(population) AS population
    FROM {{ ref('int_population') }}
    WHERE NOT is_estimated
    GROUP BY ALL
),

latest AS (
    SELECT area_code, list, arg_max(population, population_year)::BIGINT AS population
    FROM population
    GROUP BY ALL
)

SELECT
    area.area_code,
    area.area_name,
    -- A hospital site is published as a provider whose parent is its trust.
    CASE area.area_type WHEN 'site' THEN 'provider' ELSE area.area_type END AS area_type,
    area.parent_code,
    latest.population,
    {{ rounded_by('one_decimal', 'area.imd_score::DOUBLE') }} AS imd_score,
    round(area.imd19_rank)::INTEGER AS imd19_rank,
    area.imd_vintage,
    area.institution,
    history.valid_from,
    history.valid_to,
    history.comparable_from,
    history.note
FROM area
LEFT JOIN history ON history.area_code = area.area_code
LEFT JOIN latest
    ON latest.area_code = area.area_code
    AND latest.list = CASE area.area_type WHEN 'pcn' THEN 'registered' ELSE 'resident' END
