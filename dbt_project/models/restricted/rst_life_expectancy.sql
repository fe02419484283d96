-- Grain: one row per life expectancy at birth: value and limits (years) from deaths and person-years of the period in
-- 20 age bands, or the reason why there is none. A band in which nobody died has 0 deaths.
with population as (select * from {{ ref('int_period_population') }}),

indicator as (select indicator_id from {{ ref('int_indicator') }} where method = 'life_expectancy'),

count as (select * from {{ ref('int_period_count') }}),

band as (
    select
        population.indicator_id, population.area_code, population.period_id, population.sex,
        regexp_extract(population.stratum, '^[0-9]+')::integer as age_start,
        population.population,
        coalesce(count.numerator, 0) as deaths
    from population
    join indicator on indicator.indicator_id = population.indicator_id
    left join count
        on count.indicator_id = population.indicator_id
        and count.area_code = population.area_code
        and count.period_id = population.period_id
        and count.sex = population.sex
        and count.stratum = population.stratum
),

life_table as ({{ life_expectancy('band', group_by=['indicator_id', 'area_code', 'period_id', 'sex']) }})

select
    indicator_id, area_code, period_id, sex,
    round(value, 8) as value,
    round(ci95_lower, 8) as ci95_lower, round(ci95_upper, 8) as ci95_upper,
    round(ci998_lower, 8) as ci998_lower, round(ci998_upper, 8) as ci998_upper,
    problem
from life_table
where age_start = 0
