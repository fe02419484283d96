-- Grain: indicator × period × ward × year, for whole years of more than one ward up to the end of the period: events, and
-- the events expected at the district's own rates by age over all its years. For the regression that asks
-- whether the gap is closing: wherever the level stands, an external standard would cancel out.
with indicator as (
    select * from {{ ref('int_indicator') }}
    where list_contains(areas, 'ward') and method in ('smr', 'dsr') and population_basis = 'person_years'
),

ward as (select area_code, imd_score, imd19_rank from {{ ref('int_area') }} where area_type = 'ward'),

question as (
    select distinct
        spine.indicator_id, spine.period_id, spine.period_end,
        {{ imd_vintage('spine.period_start', 'spine.period_end') }} as imd_vintage
    from {{ ref('int_value_spine') }} as spine
    join indicator on indicator.indicator_id = spine.indicator_id
    where spine.area_type = 'ward' and not spine.is_published
        and spine.period_type not in ('month', 'quarter', 'rolling_12m')
),

supply as (
    select distinct indicator_id, month_start from {{ ref('int_indicator_supply') }} where source = 'local'
),

year as (
    select
        question.*,
        (period_end + 1 - to_months(12 * back.years::integer))::date as year_start,
        (period_end + 1 - to_months(12 * (back.years - 1)::integer))::date as next_start
    from question
    join indicator on indicator.indicator_id = question.indicator_id
    join range(1, 31) as back (years)
        on (period_end + 1 - to_months(12 * back.years::integer)) >= date_trunc('month', indicator.starts)
),

whole_year as (
    select year.*
    from year
    join supply
        on supply.indicator_id = year.indicator_id
        and supply.month_start >= year.year_start and supply.month_start < year.next_start
    group by all
    having count(*) = 12
),

span as (select distinct indicator_id, year_start, next_start from whole_year),

-- A year that does not begin in January has the population of two, each by its months.
person_year as (
    select
        span.indicator_id, span.year_start, population.area_code, population.age_band,
        sum(population.population * case
            when population.population_year = year(span.year_start) then 13 - month(span.year_start)
            else month(span.year_start) - 1 end / 12) as person_years
    from span
    join indicator on indicator.indicator_id = span.indicator_id
    join {{ ref('int_population') }} as population
        on population.population_year between year(span.year_start) and year(span.next_start - 1)
        and population.age_from between indicator.min_age and indicator.max_age
    join ward on ward.area_code = population.area_code
    group by all
),

event as (
    select
        span.indicator_id, span.year_start, area_month.area_code, area_month.age_band,
        sum(area_month.numerator) as events
    from span
    join {{ ref('int_area_month') }} as area_month
        on area_month.indicator_id = span.indicator_id
        and area_month.month_start >= span.year_start and area_month.month_start < span.next_start
    join ward on ward.area_code = area_month.area_code
    group by all
),

stratum as (
    select
        person_year.*, coalesce(event.events, 0)::double as events,
        sum(coalesce(event.events, 0)) over rate::double / nullif(sum(person_years) over rate, 0) as rate
    from person_year
    left join event using (indicator_id, year_start, area_code, age_band)
    window rate as (partition by indicator_id, age_band)
)

select
    whole_year.indicator_id, whole_year.period_id, whole_year.imd_vintage, whole_year.year_start, ward.area_code,
    case whole_year.imd_vintage when 2015 then ward.imd_score else -ward.imd19_rank end::double as deprivation,
    sum(stratum.events) as observed,
    round(sum(stratum.person_years * stratum.rate), 8) as expected
from whole_year
join stratum on stratum.indicator_id = whole_year.indicator_id and stratum.year_start = whole_year.year_start
join ward on ward.area_code = stratum.area_code
group by all
