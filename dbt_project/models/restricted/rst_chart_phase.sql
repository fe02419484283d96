-- Grain: series × first period of a new level. A control chart starts anew where something known happened (an annotation that
-- is drawn, or the end of one that suspends verdicts) and a lasting shift follows: beginning there or up to 3 periods later,
-- 8 points in a row lie on one side of the mean of the 12 before it, and 12 points are there for the new limits. With fewer than
-- 6 points before it (4 at least), the 8 lie beyond all of them.
-- Of several such beginnings the first whose value is closer to the 8 points than to what was before.
with point as (
    select
        *,
        row_number() over in_order as n,
        count(*) over (partition by {{ chart_series() | join(', ') }}) as points
    from {{ ref('rst_chart_point') }}
    where judged is not null
    window in_order as (partition by {{ chart_series() | join(', ') }} order by period_start)
),

happened as (
    select indicator_id, area_code, starts_on as day from {{ ref('int_annotation_indicator') }} where draw
    union
    select indicator_id, area_code, (ends_on + 1)::date from {{ ref('int_annotation_indicator') }} where suspend_verdict
),

event as (
    select {{ prefixed('point', chart_series()) }}, min(point.n) as event_n
    from point
    join happened
        on happened.indicator_id = point.indicator_id and happened.day <= point.period_start
        and coalesce(happened.area_code, point.area_code) = point.area_code
    group by {{ prefixed('point', chart_series()) }}, happened.day
),

shift as (
    select
        {{ prefixed('event', chart_series()) }}, event.event_n, event.event_n + late.periods as first_n,
        avg(point.judged) filter (point.n < event.event_n) as before,
        min(point.judged) filter (point.n < event.event_n) as lowest_before,
        max(point.judged) filter (point.n < event.event_n) as highest_before,
        min(point.judged) filter (point.n >= event.event_n + late.periods) as lowest,
        max(point.judged) filter (point.n >= event.event_n + late.periods) as highest,
        avg(point.judged) filter (point.n >= event.event_n + late.periods) as after,
        min(point.judged) filter (point.n = event.event_n + late.periods) as first_value,
        min(point.period_start) filter (point.n = event.event_n + late.periods) as period_start
    from (select distinct * from event) as event
    cross join range(4) as late (periods)
    join point
        on {% for column in chart_series() %}point.{{ column }} = event.{{ column }} and {% endfor %}
        point.n between event.event_n - 12 and event.event_n + late.periods + 7
    where event.event_n > 4 and point.points - event.event_n - late.periods >= 11
    group by all
),

lasting as (
    select {{ chart_series() | join(', ') }}, first_n, period_start
    from shift
    where (lowest > before or highest < before)
        and (event_n > 6 or lowest > highest_before or highest < lowest_before)
        and abs(first_value - after) < abs(first_value - before)
    qualify row_number() over (partition by {{ chart_series() | join(', ') }}, event_n order by first_n) = 1
)

-- Of two that begin within 8 points of each other the earlier one.
select {{ chart_series() | join(', ') }}, min(period_start) as period_start
from lasting
group by {{ chart_series() | join(', ') }}, first_n
qualify coalesce(first_n - lag(first_n) over (partition by {{ chart_series() | join(', ') }} order by first_n), 8) >= 8
