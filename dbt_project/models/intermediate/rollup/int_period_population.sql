-- Grain: one row per value of the spine and stratum (five-year age band; a life table splits the first): the population at
-- risk over the period; one sex is the share of the population that it has of the lists.
-- person_years and person_days add up the months of the period, each with the population of its year; persons is
-- the population at the middle of the period. A year without any population leaves its periods without one. A PCN uses the list of its practices, every other area its residents.
with spine as (select * from {{ ref('int_value_spine') }} where not is_published),

indicator as (select * from {{ ref('int_indicator') }} where population_basis is not null),

age_group as (select * from {{ ref('int_age_group') }}),

population as (select * from {{ ref('int_population') }}),

sex_share as (select * from {{ ref('int_population_sex') }}),

period as (select distinct period_id, period_start, period_end, months from spine),

exposure as (
    select
        period_id,
        year(month_start) as population_year,
        count(*) / 12.0 as person_years,
        sum(day(last_day(month_start))) as person_days,
        max((month_start = date_trunc('month', period_start + ((period_end - period_start) // 2)::integer))::integer)
            as persons -- 1 in the year that holds the middle of the period
    from (
        select *, unnest(generate_series(period_start, period_end, interval 1 month))::date as month_start
        from period
    )
    group by all
)

select
    spine.indicator_id,
    spine.area_code,
    spine.period_id,
    spine.sex,
    spine.age_band,
    case indicator.method when 'life_expectancy' then {{ life_table_band('population.age_from') }}
        else population.age_band end as stratum,
    -- Added up as decimals, and kept to a ten-thousandth: a sum of fractions in floating point would depend on the
    -- order of the rows.
    {%- set exposed %}case indicator.population_basis
        when 'person_years' then exposure.person_years
        when 'person_days' then exposure.person_days
        else exposure.persons end{% endset %}
    case when bool_and(population.population is not null or {{ exposed }} = 0) then
        sum((population.population * {{ exposed }}
            * case spine.sex when 'persons' then 1 else sex_share.share end)::decimal(30, 8))::decimal(30, 4)::double
        end as population
from spine
join indicator on indicator.indicator_id = spine.indicator_id
join exposure on exposure.period_id = spine.period_id
left join age_group on age_group.indicator_id = spine.indicator_id and age_group.age_group = spine.age_band
join population
    on population.area_code = spine.area_code
    and population.list = case spine.area_type when 'pcn' then 'registered' else 'resident' end
    and population.population_year = exposure.population_year
    and population.age_from between indicator.min_age and indicator.max_age
    and population.age_from between coalesce(age_group.youngest, 0) and coalesce(age_group.oldest, 150)
left join sex_share
    on sex_share.area_code = population.area_code
    and sex_share.list = population.list
    and sex_share.age_from = population.age_from
    and sex_share.sex = spine.sex
group by all
