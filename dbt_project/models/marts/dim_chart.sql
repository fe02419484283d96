-- Grain: indicator × area × period type of the published values: which control chart there is, or why none.
with value as ({{ main_values('fct_indicator_value') }}),

period as (select period_id, period_type from {{ ref('dim_period') }}),

figure as (
    select value.indicator_id, value.area_code, period.period_type, count(value.value) as points
    from value
    join period on period.period_id = value.period_id
    group by all
),

-- Of the charts before and after a rebase the newest that there is.
chart as (
    select *
    from {{ ref('rst_chart') }}
    qualify row_number() over (
        partition by indicator_id, area_code, period_type order by chart_type = 'none', segment desc) = 1
)

select
    figure.indicator_id, figure.area_code, figure.period_type,
    coalesce(chart.chart_type, 'none') as chart_type,
    case when chart.chart_type is not null then coalesce(chart.reason_against, {{ reason_for_chart('chart.chart_type') }})
        when figure.period_type like 'rolling%' or figure.period_type like 'pooled%' then 'periods overlap, so their values do, too'
        else 'yearly figures' end as chart_reason,
    coalesce(chart.points, figure.points)::integer as points,
    case when chart.chart_type <> 'none' then chart.phases::integer end as levels,
    case when chart.chart_type <> 'none' then chart.usual_since end as usual_since,
    case when chart.chart_type like 'trend%' then {{ published_number('average', "(chart.slope * case figure.period_type when 'month' then 12 else 4 end)", 'chart.method', 'chart.precision') }} end as change_a_year,
    {{ published_number('p_value', 'chart.season_p_value', 'chart.method', 'chart.precision') }} as season_p_value
from figure
left join chart using (indicator_id, area_code, period_type)
