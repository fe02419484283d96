-- Grain: one row per value of a directly standardised indicator: rate and limits over its five-year age bands,
-- European standard population 2013. Every band with people counts, also those without events.
WITH spine AS (SELECT indicator_id, area_code, period_id FROM {{ ref('int_value_spine') }}),

indicator AS (SELECT indicator_id, multiplier FROM {{ ref('int_indicator') }} WHERE method = 'dsr'),

population AS (SELECT * FROM {{ ref('int_period_population') }}),

count AS (SELECT * FROM {{ ref('int_period_count') }}),

standard AS (SELECT * FROM {{ ref('esp2013') }}),

stratum AS (
    SELECT
        population.indicator_id, population.area_code, population.period_id, population.sex, indicator.multiplier,
        count.numerator AS events, population.population, standard.standard_population AS weight
    FROM population
    JOIN indicator ON indicator.indicator_id = population.indicator_id
    JOIN standard ON standard.age_band = population.stratum
    LEFT JOIN count
        ON count.indicator_id = population.indicator_id
        AND count.area_code = population.area_code
        AND count.period_id = population.period_id
        AND count.sex = population.sex
        AND count.stratum = population.stratum
)

SELECT
    indicator_id,
    area_code,
    period_id,
    sex,
    {{ dsr_total('events') }} AS numerator,
    round(sum(population ORDER BY population), 6) AS denominator,
    round({{ dsr_value('events', 'population', 'weight', 'any_value(multiplier)') }}, 8) AS value,
    round({{ dsr_lower('events', 'population', 'weight', 0.95, 'any_value(multiplier)') }}, 8) AS ci95_lower,
    round({{ dsr_upper('events', 'population', 'weight', 0.95, 'any_value(multiplier)') }}, 8) AS ci95_upper,
    round({{ dsr_lower('events', 'population', 'weight', 0.998, 'any_value(multiplier)') }}, 8) AS ci998_lower,
    round({{ dsr_upper('events', 'population', 'weight', 0.998, 'any_value(multiplier)') }}, 8) AS ci998_upper
FROM stratum
GROUP BY indicator_id, area_code, period_id, sex
