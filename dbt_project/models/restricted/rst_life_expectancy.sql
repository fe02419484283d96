-- Grain: one row per life expectancy at birth: value and limits (years) from deaths and person-years of the period in
-- 20 age bands, or the reason why there is none. A band in which nobody died has 0 deaths.
WITH population AS (SELECT * FROM {{ ref('int_period_population') }}),

indicator AS (SELECT indicator_id FROM {{ ref('int_indicator') }} WHERE method = 'life_expectancy'),

count AS (SELECT * FROM {{ ref('int_period_count') }}),

band AS (
    SELECT
        population.indicator_id, population.area_code, population.period_id, population.sex,
        regexp_extract(population.stratum, '^[0-9]+')::INTEGER AS age_start,
        population.population,
        coalesce(count.numerator, 0) AS deaths
    FROM population
    JOIN indicator ON indicator.indicator_id = population.indicator_id
    LEFT JOIN count
        ON count.indicator_id = population.indicator_id
        AND count.area_code = population.area_code
        AND count.period_id = population.period_id
        AND count.sex = population.sex
        AND count.stratum = population.stratum
),

life_table AS ({{ life_expectancy('band', group_by=['indicator_id', 'area_code', 'period_id', 'sex']) }})

SELECT
    indicator_id, area_code, period_id, sex,
    round(value, 8) AS value,
    round(ci95_lower, 8) AS ci95_lower, round(ci95_upper, 8) AS ci95_upper,
    round(ci998_lower, 8) AS ci998_lower, round(ci998_upper, 8) AS ci998_upper,
    problem
FROM life_table
WHERE age_start = 0
