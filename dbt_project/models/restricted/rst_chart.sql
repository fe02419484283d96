-- Grain: series: which control chart suits it, or why none does. The first rule that holds decides. What is left
-- over of level or line and season is also looked at beside its largest shift: points that follow each other closely only because
-- there is one are what a chart is for.
with point as (
    select
        level.*, season.season_p_value,
        case when level.is_baseline then level.left_over - {{ seasonal_part('level', 'season') }} end as rest,
        level.judged - lag(level.judged) over (partition by {{ prefixed('level', chart_series()) }} order by level.place) as step,
        max(level.phase) over (partition by {{ prefixed('level', chart_series()) }}) as last_phase
    from {{ ref('rst_chart_level') }} as level
    left join {{ ref('rst_chart_season') }} as season
        on {% for column in chart_series() %}season.{{ column }} = level.{{ column }} and {% endfor %}
        season.season = level.place % case level.period_type when 'month' then 12 else 4 end
),

summed as (
    select *, sum(rest) over (partition by {{ chart_series() | join(', ') }} order by place) as sum_so_far
    from point
),

split as (
    select *, place <= arg_max(place, abs(sum_so_far)) over (partition by {{ chart_series() | join(', ') }}) as is_before_shift
    from summed
),

beside as (
    select *, rest - avg(rest) over (partition by {{ chart_series() | join(', ') }}, is_before_shift) as rest_beside
    from split
),

series as (
    select
        {{ chart_series() | join(', ') }},
        any_value(method) as method, any_value(precision) as precision, any_value(aggregation) as aggregation, any_value(is_yearly) as is_yearly,
        bool_or(has_line) as has_line, any_value(slope) as slope, any_value(explained) as explained,
        any_value(season_p_value) as season_p_value,
        count(judged) as points,
        max(phase) + 1 as phases,
        min(period_start) filter (phase = last_phase) as usual_since,
        avg(judged) as mean,
        avg((step = 0)::integer) as unchanged,
        count(judged) filter (judged > 0) as periods_with_events,
        sum(rest * rest_before) / nullif(sum(power(rest, 2)), 0) as autocorrelation,
        sum(rest_beside * rest_beside_before) / nullif(sum(power(rest_beside, 2)), 0) as autocorrelation_beside_shift
    from (
        select *, lag(rest) over in_order as rest_before, lag(rest_beside) over in_order as rest_beside_before
        from beside
        window in_order as (partition by {{ chart_series() | join(', ') }}, phase order by place)
    )
    group by {{ chart_series() | join(', ') }}
)

select
    *,
    case when reason_against is not null then 'none'
        when {{ is_rare() }} then 'g'
        when has_line and season_p_value is not null then 'trend_seasonal'
        when has_line then 'trend'
        when season_p_value is not null then 'xmr_seasonal'
        else 'xmr' end as chart_type
from (select *, {{ reason_against_chart() }} as reason_against from series)
