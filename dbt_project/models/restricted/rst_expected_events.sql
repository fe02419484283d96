-- Grain: one row per value of an indirectly standardised indicator: the events its population would have at the
-- reference rates of the standard the registry names, by sex, age and year. NULL where a rate or a population is missing.
with indicator as (select * from {{ ref('int_indicator') }} where method = 'smr'),

spine as (
    select spine.*
    from {{ ref('int_value_spine') }} as spine
    join indicator on indicator.indicator_id = spine.indicator_id
    where not spine.is_published
),

exposure as (
    select period_id, year(month_start) as population_year, count(*) / 12 as years
    from (
        select distinct
            period_id, unnest(generate_series(period_start, period_end, interval 1 month))::date as month_start
        from spine
    )
    group by all
),

sex as (select unnest(['female', 'male']) as sex),

sex_share as (select * from {{ ref('int_population_sex') }}),

reference as (select * from {{ ref('int_reference_rate') }}),

stratum as (
    select
        spine.indicator_id, spine.area_code, spine.period_id,
        -- Where nobody of the age is on a list, half are women.
        population.population * exposure.years * coalesce(sex_share.share, 0.5) as person_years,
        reference.rate_per_100000
    from spine
    join indicator on indicator.indicator_id = spine.indicator_id
    join exposure on exposure.period_id = spine.period_id
    join {{ ref('int_population') }} as population
        on population.area_code = spine.area_code
        and population.list = case spine.area_type when 'pcn' then 'registered' else 'resident' end
        and population.population_year = exposure.population_year
        and population.age_from between indicator.min_age and indicator.max_age
    cross join sex
    left join sex_share
        on sex_share.area_code = population.area_code and sex_share.list = population.list
        and sex_share.age_from = population.age_from and sex_share.sex = sex.sex
    left join reference
        on reference.cause_group = indicator.standard and reference.sex = sex.sex
        and reference.age_band = population.age_band and reference.year = population.population_year
)

-- Added up as decimals: a sum of fractions in floating point would depend on the order of the rows.
select
    indicator_id, area_code, period_id,
    case when bool_and(person_years is not null and rate_per_100000 is not null)
        then sum((person_years * rate_per_100000 / 100000)::decimal(30, 12))::double end as expected
from stratum
group by all
