-- Grain: area × list × year × age group. The populations that rates are made of, for the years figures are given for.
-- Residents as published by the Office for National Statistics; people on the lists of a network to the nearest 5.
WITH population AS (SELECT * FROM {{ ref('int_population') }}),

period AS (SELECT year(min(period_start)) AS first_year, year(max(period_end)) AS last_year FROM {{ ref('dim_period') }})

SELECT
    population.area_code,
    population.list,
    population.population_year,
    population.age_from,
    population.age_band,
    CASE population.list WHEN 'registered' THEN 5 * round(population.population / 5)
        ELSE round(population.population) END::DOUBLE AS population,
    population.is_estimated,
    population.basis
FROM population
JOIN period ON population.population_year BETWEEN period.first_year AND period.last_year
WHERE population.population IS NOT NULL
