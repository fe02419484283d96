-- Grain: one row per value of a directly standardised indicator: rate and limits over its five-year age bands,
-- European standard population 2013. Every band with people counts, also those without events.
WITH period AS (SELECT period_id, months FROM {{ ref('int_period') }}),

-- Events of the same people scatter more than independent ones.
repeated AS (SELECT * FROM {{ ref('int_event_dispersion') }}),

indicator AS (SELECT indicator_id, multiplier FROM {{ ref('int_indicator') }} WHERE method = 'dsr'),

population AS (SELECT * FROM {{ ref('int_period_population') }}),

count AS (SELECT * FROM {{ ref('int_period_count') }}),

standard AS (SELECT * FROM {{ ref('esp2013') }}),

stratum AS (
    SELECT
        population.indicator_id, population.area_code, population.period_id, population.sex, indicator.multiplier,
        coalesce(repeated.dispersion, 1) AS dispersion,
        count.numerator AS events, population.population, standard.standard_population AS weight
    FROM population
    JOIN indicator ON indicator.indicator_id = population.indicator_id
    JOIN standard ON standard.age_band = population.stratum
    JOIN period ON period.period_id = population.period_id
    LEFT JOIN repeated ON repeated.indicator_id = population.indicator_id AND repeated.months = period.months
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
    {%- for confidence, name in [(0.95, 'ci95'), (0.998, 'ci998')] %}
    {%- set given = {'confidence': confidence, 'multiplier': 'any_value(multiplier)', 'dispersion': 'any_value(dispersion)'} %}
    round({{ dsr_lower('events', 'population', 'weight', **given) }}, 8) AS {{ name }}_lower,
    round({{ dsr_upper('events', 'population', 'weight', **given) }}, 8) AS {{ name }}_upper
    {{- ',' if not loop.last }}
    {%- endfor %}
FROM stratum
GROUP BY indicator_id, area_code, period_id, sex
