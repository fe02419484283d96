-- Grain: series × period of a chart of rare events. Two signals: more events in a period than their mean allows (Poisson), and no
-- event for longer than usual (the periods from one with events to the next follow a geometric distribution: a g chart).
-- Each is expected by chance in 0.135 % of periods or fewer, as a point above the limit of an XmR chart is.
with chart as (select * from {{ ref('rst_chart') }} where chart_type = 'g'),

point as (
    select
        level.*, chart.chart_type, chart.points, chart.usual_since,
        avg(level.judged) filter (level.is_baseline) over series as mean,
        avg((level.judged > 0)::integer) filter (level.is_baseline) over series as share_with_events,
        count(level.judged) over (series order by level.place) as n
    from {{ ref('rst_chart_level') }} as level
    join chart using ({{ chart_series() | join(', ') }})
    window series as (partition by {{ prefixed('level', chart_series()) }})
),

waited as (
    select
        *,
        n - coalesce(max(case when judged > 0 then n end) over (
            partition by {{ chart_series() | join(', ') }} order by place), 0) as periods_without,
        list_filter(range(0, 100), lambda k: {{ chi_square_tail('2 * mean', '2 * (k + 1)') }} >= 0.99865)[1]::double as upper_limit
    from point
),

labelled as (
    select
        *,
        case when judged > upper_limit then 'Above UCL'
            when judged = 0 and power(1 - share_with_events, periods_without) < 0.00135 then 'No Events For Long'
            else 'Common Cause' end as special_cause
    from waited
)

select
    * exclude (n, periods_without, share_with_events),
    0::double as lower_limit,
    case special_cause when 'Common Cause' then 'common_cause'
        else case when (special_cause = 'Above UCL') = (better_when = 'increase') then 'special_cause_improvement'
            else 'special_cause_concern' end end as point_type
from labelled
