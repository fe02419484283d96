-- Grain: one row per value that is expected: indicator × area × period × sex or age group it is calculated for, from the month the
-- registry says its data start to the day its series ended, and every published figure of the same measure besides. What is calculated here is not
-- replaced by what is published. Nothing is dropped later; what is missing gets a status.
with indicator as (select * from {{ ref('int_indicator') }}),

area as (select area_code, area_type, imd_vintage from {{ ref('int_area') }}),

period as (select * from {{ ref('int_period') }}),

yearly as (
    select distinct supply.indicator_id, period.period_id
    from {{ ref('int_indicator_supply') }} as supply
    join indicator on indicator.indicator_id = supply.indicator_id and indicator.is_yearly
    join period on supply.month_start between period.period_start and period.period_end
),

official as (select indicator_id, area_code, period_id, sex, 'all' as age_band from {{ ref('int_official_value') }}),

-- Once a period is published for any area, it is expected of every area of a published indicator.
published as (
    select * from official
    union
    select official.indicator_id, area.area_code, official.period_id, official.sex, official.age_band
    from official
    join indicator on indicator.indicator_id = official.indicator_id and indicator.method = 'published'
    join area on list_contains(indicator.areas, area.area_type)
    where area.area_type <> 'provider'
        or (official.indicator_id, area.area_code) in (select (indicator_id, area_code) from official)
),

calculated as (
    select
        indicator.indicator_id, area.area_code, period.period_id, people.sex, people.age_band,
        list_contains(indicator.official_areas, area.area_type) as is_official,
        case when is_official then area.area_code else 'local' end as source
    from indicator
    cross join unnest(
        list_transform(indicator.sexes, lambda x: {'sex': x, 'age_band': 'all'})
        || list_transform(indicator.age_groups, lambda x: {'sex': 'persons', 'age_band': x})) as part (people)
    join area on list_contains(indicator.areas, area.area_type)
    join period
        on list_contains(indicator.periods, period.period_type)
        and period.period_start >= date_trunc('month', indicator.starts)
        and (period.period_type not like 'pooled%' or period.year_type = indicator.pooled_years)
        -- Quintiles of the one index that holds for the period.
        and coalesce(area.imd_vintage = {{ imd_vintage('period.period_start', 'period.period_end') }}, true)
    where indicator.method <> 'published'
        and (period.is_local
            or (indicator.indicator_id, period.period_id) in (select (indicator_id, period_id) from yearly))
        -- Official counts of an area come without ages.
        and (people.age_band = 'all' or not list_contains(indicator.official_areas, area.area_type))
),

expected as (
    select *, false as is_published from calculated
    union all
    select published.*, true, 'published', true
    from published
    anti join calculated using (indicator_id, area_code, period_id)
)

select
    expected.indicator_id,
    expected.area_code,
    expected.period_id,
    expected.sex,
    expected.age_band,
    area.area_type,
    period.period_type,
    period.period_start,
    period.period_end,
    period.months,
    expected.is_official,
    expected.is_published,
    expected.source
from expected
join area on area.area_code = expected.area_code
join period on period.period_id = expected.period_id
join indicator on indicator.indicator_id = expected.indicator_id and period.period_start <= indicator.ends
