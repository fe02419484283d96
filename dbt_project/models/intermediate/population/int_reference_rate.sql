-- Grain: cause group × sex × age band × year. Death rates of the reference population of standardised ratios: England's, of
-- the delivered year that is nearest and at most two years away. Without any delivery the synthetic rates of the seed,
-- the same for both sexes and all years; never with real data, which would be compared with an invention.
with

delivered as (select * from {{ ref('stg_public__ons_deaths_england') }}),

synthetic as (select * from {{ ref('mortality_rate_u75_synthetic') }}),

years as (
    select cast(year as integer) as year
    from range({{ var('population_first_year') }}, {{ var('population_last_year') }} + 1) as years (year)
),

-- Of two years as near, the earlier one: it is final.
nearest as (
    select years.year, arg_min(known.year, (abs(known.year - years.year), known.year)) as source_year
    from years
    inner join (select distinct year from delivered) as known
        on abs(known.year - years.year) <= {{ var('population_carried_years') }}
    group by years.year
)

select
    delivered.cause_group,
    delivered.sex,
    delivered.age_band,
    nearest.year,
    delivered.deaths * 1e5 / delivered.population as rate_per_100000,
    'delivered' as basis
from nearest
inner join delivered on nearest.source_year = delivered.year

union all

select synthetic.cause_group, sexes.sex, synthetic.age_band, years.year, synthetic.rate_per_100000, 'synthetic'
from synthetic
cross join years
cross join (select unnest(['female', 'male']) as sex) as sexes
where not exists (select 1 from delivered) and '{{ env_var("BASSETLAW_ENVIRONMENT", "synthetic") }}' <> 'real'
