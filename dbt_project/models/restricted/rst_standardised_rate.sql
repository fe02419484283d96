-- Grain: one row per value of a directly standardised indicator: rate and limits over its five-year age bands,
-- European standard population 2013. Every band with people counts, also those without events.
with period as (select period_id, months from {{ ref('int_period') }}),

-- Events of the same people scatter more than independent ones.
repeated as (select * from {{ ref('int_event_dispersion') }}),

indicator as (select indicator_id, multiplier from {{ ref('int_indicator') }} where method = 'dsr'),

population as (select * from {{ ref('int_period_population') }}),

count as (select * from {{ ref('int_period_count') }}),

standard as (select * from {{ ref('esp2013') }}),

stratum as (
    select
        population.indicator_id, population.area_code, population.period_id, population.sex, indicator.multiplier,
        coalesce(repeated.dispersion, 1) as dispersion,
        count.numerator as events, population.population, standard.standard_population as weight
    from population
    join indicator on indicator.indicator_id = population.indicator_id
    join standard on standard.age_band = population.stratum
    join period on period.period_id = population.period_id
    left join repeated on repeated.indicator_id = population.indicator_id and repeated.months = period.months
    left join count
        on count.indicator_id = population.indicator_id
        and count.area_code = population.area_code
        and count.period_id = population.period_id
        and count.sex = population.sex
        and count.stratum = population.stratum
)

select
    indicator_id,
    area_code,
    period_id,
    sex,
    {{ dsr_total('events') }} as numerator,
    round(sum(population order by population), 6) as denominator,
    round({{ dsr_value('events', 'population', 'weight', 'any_value(multiplier)') }}, 8) as value,
    {%- for confidence, name in [(0.95, 'ci95'), (0.998, 'ci998')] %}
    {%- set given = {'confidence': confidence, 'multiplier': 'any_value(multiplier)', 'dispersion': 'any_value(dispersion)'} %}
    round({{ dsr_lower('events', 'population', 'weight', **given) }}, 8) as {{ name }}_lower,
    round({{ dsr_upper('events', 'population', 'weight', **given) }}, 8) as {{ name }}_upper
    {{- ',' if not loop.last }}
    {%- endfor %}
from stratum
group by indicator_id, area_code, period_id, sex
