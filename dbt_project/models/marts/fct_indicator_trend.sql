-- Grain: indicator × area × period (years, rolling years, pooled years). The recent trend as Fingertips judges it, of
-- the published values only: this period and the four before it that share no month with it or with each other, as far
-- back as the place is comparable. What is not complete is no point of a trend.
with value as ({{ main_values('fct_indicator_value') }}),

period as (
    select period_id, period_type, period_start
    from {{ ref('dim_period') }}
    where period_type in ('financial_year', 'calendar_year', 'rolling_12m', 'pooled_3y', 'pooled_5y')
),

indicator as (select indicator_id, direction from {{ ref('int_indicator') }}),

change as (select area_code, changed_on from {{ ref('area_change') }} where not is_comparable),

dated as (
    select
        value.indicator_id, value.area_code, value.period_id, value.value, value.ci95_lower, value.ci95_upper,
        value.provisional, period.period_type, period.period_start, change.changed_on as comparable_from,
        value.comparability <> 'not_comparable' and value.is_complete as is_comparable
    from value
    join period on period.period_id = value.period_id
    asof left join change on change.area_code = value.area_code and change.changed_on <= period.period_start
),

wanted as (
    select
        *,
        (period_start - unnest(range(5)) * {{ months_between_comparisons('period_type') }} * interval 1 month)::date
            as point_start
    from dated
),

point as (
    select
        wanted.indicator_id, wanted.area_code, wanted.period_id,
        earlier.period_start, earlier.value, earlier.ci95_lower, earlier.ci95_upper
    from wanted
    join dated as earlier
        on earlier.indicator_id = wanted.indicator_id
        and earlier.area_code = wanted.area_code
        and earlier.period_type = wanted.period_type
        and earlier.period_start = wanted.point_start
        and earlier.comparable_from is not distinct from wanted.comparable_from
        and earlier.is_comparable and wanted.is_comparable
),

trend as ({{ fingertips_trend('point', ['indicator_id', 'area_code', 'period_id']) }})

select
    dated.indicator_id, dated.area_code, dated.period_id, dated.period_type, dated.period_start,
    coalesce(trend.trend, 'cannot_be_calculated') as trend,
    case coalesce(trend.trend, 'cannot_be_calculated')
        when 'cannot_be_calculated' then 'not_known'
        when 'no_significant_change' then 'no_clear_change'
        when 'increasing' then case indicator.direction when 'up' then 'better' else 'worse' end
        else case indicator.direction when 'up' then 'worse' else 'better' end end as trend_verdict,
    coalesce(trend.points_used, 0)::integer as points,
    {{ rounded_by('slope', 'trend.slope') }} as slope, {{ rounded_by('slope', 'trend.slope_se') }} as slope_se,
    {{ rounded_by('one_decimal', 'trend.chi_square') }} as chi_square,
    dated.provisional
from dated
join indicator on indicator.indicator_id = dated.indicator_id
left join trend
    on trend.indicator_id = dated.indicator_id
    and trend.area_code = dated.area_code
    and trend.period_id = dated.period_id
