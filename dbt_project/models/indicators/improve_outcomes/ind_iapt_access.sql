-- People entering treatment by month, over a twelfth of the people estimated to need it in a year: a fixed share of the
-- adults of the district, and of each network's list, of the year.
{% set prevalence = indicator_parameter('iapt_access', 'prevalence_percent') %}
with

courses as (select * from {{ ref('int_therapy_course') }} where entered_month is not null),

populations as (
    select area_code, list, population_year, sum(cast(population as decimal(18, 4))) as adults
    from {{ ref('int_population') }}
    where age_from >= {{ indicator_parameter('iapt_access', 'minimum_age') }}
    group by all
),

months as (select distinct entered_month from courses),

in_need as (
    select
        months.entered_month,
        case when populations.list = 'resident' then populations.area_code end as area_code,
        case when populations.list = 'registered' then populations.area_code end as pcn_code,
        cast(populations.adults * {{ prevalence }} / 100 / 12 as decimal(18, 4)) as people
    from months
    inner join populations on year(months.entered_month) = populations.population_year
    where populations.list = 'registered' or populations.area_code = '{{ var('district_code') }}'
)

select
    entered_month as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    0 as denominator
from courses
group by all

union all

-- A year without a population makes its figures unknown.
select entered_month, area_code, pcn_code, null, null, case when people is not null then 0 end, people
from in_need
