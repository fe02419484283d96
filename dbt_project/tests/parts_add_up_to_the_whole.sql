-- Nothing is lost or counted twice on the way up: wards and IMD quintiles add up to the district they are made of,
-- quarters to the financial year. Counts that exist for the district as a whole only are left out. Counts with
-- decimals (staff time, money) are compared to the fourth one.
with value as (
    select exact.*, spine.area_type, spine.period_type, spine.period_start, spine.period_end, indicator.aggregation
    from {{ ref('fct_indicator_value_all') }} as exact
    join {{ ref('int_value_spine') }} as spine using (indicator_id, area_code, period_id, sex, age_band)
    join {{ ref('int_indicator') }} as indicator on indicator.indicator_id = exact.indicator_id
    where exact.numerator is not null
),

by_area as (
    select
        indicator_id, period_id, sex, age_band,
        sum(numerator) filter (where area_type = 'district') as whole,
        coalesce(sum(numerator) filter (where area_type = 'ward'), whole) as wards,
        coalesce(sum(numerator) filter (where area_type = 'imd_quintile'), whole) as quintiles
    from value
    where indicator_id not in (
        select indicator_id from {{ ref('int_indicator_counts') }} where area_code = 'E07000171'
    )
    group by all
),

by_quarter as (
    -- A quintile's year may take another index of deprivation than its last quarter: then not all four are there.
    select year.indicator_id, year.period_id, any_value(year.numerator) as whole, sum(quarter.numerator) as quarters
    from value as year
    join value as quarter
        on quarter.indicator_id = year.indicator_id
        and quarter.area_code = year.area_code
        and quarter.sex = year.sex
        and quarter.age_band = year.age_band
        and quarter.period_type = 'quarter'
        and quarter.period_start between year.period_start and year.period_end
    where year.period_type = 'financial_year' and year.aggregation = 'sum'
    group by year.indicator_id, year.period_id, year.area_code, year.sex, year.age_band
    having count(*) = 4 or not starts_with(year.area_code, 'IMD')
)

select 'areas' as problem, indicator_id, period_id from by_area
where round(whole - wards, 4) <> 0 or round(whole - quintiles, 4) <> 0
union all
select 'quarters', indicator_id, period_id from by_quarter
where round(whole - quarters, 4) <> 0
