-- Grain: one row per area. Population: residents of the latest estimate; a PCN has the list of its practices.
WITH area AS (SELECT * FROM {{ ref('int_area') }}),

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
    area.imd_score::DOUBLE AS imd_score,
    area.institution
FROM area
LEFT JOIN latest
    ON latest.area_code = area.area_code
    AND latest.list = CASE area.area_type WHEN 'pcn' THEN 'registered' ELSE 'resident' END
