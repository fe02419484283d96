-- Grain: indicator. What is known about the figure that stands for it: the change, the trend, the chart, the comparator, the
-- target, and for a gap between wards its tests. A chart counts only if it is of this figure and ends with its period.
with indicator as (select * from {{ ref('dim_indicator') }}),

headline as (select * from {{ ref('rst_headline') }}),

change as (select * from {{ ref('rst_change') }}),

area as (select area_code, area_name from {{ ref('dim_area') }}),

period as (select period_id, period_start, period_end, label from {{ ref('dim_period') }}),

-- The last point of the monthly chart, or of the quarterly one where there is no monthly. A chart along a line says how a value
-- stands to the line, not whether it is better or worse than what was usual: it is drawn, and decides nothing.
spc as (
    select run.*, period.period_end
    from {{ ref('rst_spc_run') }} as run
    join period on period.period_id = run.period_id
    qualify row_number() over (
        partition by run.indicator_id, run.area_code order by run.period_type = 'quarter', run.period_start desc) = 1
),

target as (select indicator_id, area_code, period_id, target_status, likelihood from {{ ref('fct_target_progress') }}),

trend as (select indicator_id, area_code, period_id, trend_verdict from {{ ref('fct_indicator_trend') }}),

gap as (select * from {{ ref('fct_inequality') }}),

suspended as (select indicator_id, area_code, period_id, words from {{ ref('rst_suspended_verdict') }})

select
    indicator.* replace (
        indicator.headline_direction as direction,
        case when indicator.headline = 'value' then indicator.short_unit when indicator.unit = 'years' then 'years'
            else 'points' end as short_unit
    ),
    headline.* exclude (indicator_id, comparator_area, method, numerator, denominator, value_status),
    coalesce(headline.value_status, 'not_supplied') as value_status,
    change.change, change.change_test, change.change_p_value,
    coalesce(change.direction_of_change, 'not_known') as direction_of_change,
    case when now.words is not null then 'this_period' when before.words is not null then 'earlier_period' end
        as verdict_suspended,
    coalesce(now.words, before.words) as annotation_words,
    area.area_name, comparator.area_name as comparator_name, headline.comparator_area as compared_with,
    comparator_period.period_start = headline.period_start and comparator_period.period_end = headline.period_end
        as is_compared_at_once,
    case when spc.chart_type like 'trend%' then 'not_charted' else coalesce(spc.variation, 'not_charted') end as variation, spc.special_cause, spc.same_since,
    spc.period_type as chart_period_type, spc.period_start as chart_period_start,
    coalesce(spc.assurance, 'none') as assurance,
    trend.trend_verdict,
    target.target_status, coalesce(target.likelihood, 'not_known') as target_likelihood,
    gap.gap_by_chance, gap.chance_probability, gap.gap_trend, gap.gap_change_events,
    gap.gap_closing, gap.gap_change_per_year, gap.gap_change_per_year_ci95_lower, gap.gap_change_per_year_ci95_upper,
    -- All years together know more than two periods.
    case when gap.gap_closing <> 'cannot_be_told' then gap.gap_closing else gap.gap_trend end as gap_answer,
    gap.deprivation_gap, gap.deprivation_gap_ci95_lower, gap.deprivation_gap_ci95_upper, gap.heterogeneity_p_value
from indicator
left join headline on headline.indicator_id = indicator.indicator_id
left join change on change.indicator_id = indicator.indicator_id
left join area on area.area_code = headline.area_code
left join area as comparator on comparator.area_code = headline.comparator_area
left join period as comparator_period on comparator_period.period_id = headline.comparator_period
left join spc
    on spc.indicator_id = headline.indicator_id and spc.area_code = headline.area_code
    and spc.period_end = headline.period_end
    and indicator.headline = 'value' and headline.value_status <> 'official'
left join trend
    on trend.indicator_id = headline.indicator_id and trend.area_code = headline.area_code
    and trend.period_id = headline.period_id and indicator.headline = 'value'
left join target
    on target.indicator_id = headline.indicator_id and target.area_code = headline.area_code
    and target.period_id = headline.period_id
left join gap
    on gap.indicator_id = headline.indicator_id and gap.period_id = headline.period_id and indicator.headline = 'ward_gap'
left join suspended as now
    on now.indicator_id = headline.indicator_id and now.area_code = headline.area_code
    and now.period_id = headline.period_id
left join suspended as before
    on before.indicator_id = headline.indicator_id and before.area_code = headline.area_code
    and before.period_id = headline.previous_period_id
