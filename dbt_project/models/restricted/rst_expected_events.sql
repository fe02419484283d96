-- Grain: one row per value of an indirectly standardised indicator: the events its population would have at the
-- reference rates of the standard the registry names.
WITH indicator AS (SELECT indicator_id, standard FROM {{ ref('int_indicator') }} WHERE method = 'smr'),

population AS (SELECT * FROM {{ ref('int_period_population') }}),

reference AS (SELECT * FROM {{ ref('mortality_rate_u75_synthetic') }})

SELECT
    population.indicator_id,
    population.area_code,
    population.period_id,
    round({{ expected_events('reference.rate_per_100000', '100000', 'population.population') }}, 12) AS expected
FROM population
JOIN indicator ON indicator.indicator_id = population.indicator_id
JOIN reference ON reference.cause_group = indicator.standard AND reference.age_band = population.stratum
GROUP BY ALL
