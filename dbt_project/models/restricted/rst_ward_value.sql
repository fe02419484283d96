-- Grain: one row per indicator, period and ward that enters the gap between wards. Exact figures where the wards
-- themselves are not published, the published ones elsewhere: a gap of exact figures between rounded wards would
-- give the counts away. Of deaths and mental health wards with a prison or a secure hospital are left out.
with indicator as (
    select indicator_id, restricted_areas, headline_sex, keeps_institutions_back from {{ ref('int_indicator') }}
),

area as (select area_code, institution from {{ ref('int_area') }} where area_type = 'ward'),

exact as (select * from {{ ref('fct_indicator_value_all') }}),

published as (select * from {{ ref('rst_released_value') }}),

multiplier as (select indicator_id, multiplier from {{ ref('int_indicator') }}),

ward as (
    select
        exact.indicator_id, exact.period_id, exact.area_code, exact.method, exact.provisional, exact.is_complete,
        list_contains(indicator.restricted_areas, 'ward') as is_restricted,
        exact.value_status = 'not_supplied' as is_missing,
        case when is_restricted then exact.numerator else published.numerator end as numerator,
        case when is_restricted then exact.denominator else published.denominator end as denominator,
        case when is_restricted then exact.value else published.value end as value,
        case when is_restricted then exact.ci95_lower else published.ci95_lower end as ci95_lower,
        case when is_restricted then exact.ci95_upper else published.ci95_upper end as ci95_upper
    from exact
    join indicator using (indicator_id)
    join area using (area_code)
    join published using (indicator_id, area_code, period_id, sex, age_band)
    where exact.method in ('smr', 'crude_rate', 'proportion', 'life_expectancy')
        and not (indicator.keeps_institutions_back and area.institution is not null)
        and exact.sex = indicator.headline_sex and exact.age_band = 'all'
)

select ward.*, multiplier.multiplier
from ward
join multiplier using (indicator_id)
