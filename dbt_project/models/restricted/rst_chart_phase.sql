-- Grain: series × first period of a new level. A control chart starts anew where something known happened (an annotation that
-- is drawn, or the end of one that suspends verdicts) and a lasting shift follows: beginning there or up to 3 periods later,
-- 8 points in a row lie on one side of the mean of the 12 before it, and 12 points are there for the new limits. With fewer than
-- 6 points before it (4 at least), the 8 lie beyond all of them.
-- Of several such beginnings the first whose value is closer to the 8 points than to what was before.
WITH point AS (
    SELECT
        *,
        row_number() OVER in_order AS n,
        count(*) OVER (PARTITION BY {{ chart_series() | join(', ') }}) AS points
    FROM {{ ref('rst_chart_point') }}
    WHERE judged IS NOT NULL
    WINDOW in_order AS (PARTITION BY {{ chart_series() | join(', ') }} ORDER BY period_start)
),

happened AS (
    SELECT indicator_id, area_code, starts_on AS day FROM {{ ref('int_annotation_indicator') }} WHERE draw
    UNION
    SELECT indicator_id, area_code, (ends_on + 1)::DATE FROM {{ ref('int_annotation_indicator') }} WHERE suspend_verdict
),

event AS (
    SELECT {{ prefixed('point', chart_series()) }}, min(point.n) AS event_n
    FROM point
    JOIN happened
        ON happened.indicator_id = point.indicator_id AND happened.day <= point.period_start
        AND coalesce(happened.area_code, point.area_code) = point.area_code
    GROUP BY {{ prefixed('point', chart_series()) }}, happened.day
),

shift AS (
    SELECT
        {{ prefixed('event', chart_series()) }}, event.event_n, event.event_n + late.periods AS first_n,
        avg(point.judged) FILTER (point.n < event.event_n) AS before,
        min(point.judged) FILTER (point.n < event.event_n) AS lowest_before,
        max(point.judged) FILTER (point.n < event.event_n) AS highest_before,
        min(point.judged) FILTER (point.n >= event.event_n + late.periods) AS lowest,
        max(point.judged) FILTER (point.n >= event.event_n + late.periods) AS highest,
        avg(point.judged) FILTER (point.n >= event.event_n + late.periods) AS after,
        min(point.judged) FILTER (point.n = event.event_n + late.periods) AS first_value,
        min(point.period_start) FILTER (point.n = event.event_n + late.periods) AS period_start
    FROM (SELECT DISTINCT * FROM event) AS event
    CROSS JOIN range(4) AS late (periods)
    JOIN point
        ON {% for column in chart_series() %}point.{{ column }} = event.{{ column }} AND {% endfor %}
        point.n BETWEEN event.event_n - 12 AND event.event_n + late.periods + 7
    WHERE event.event_n > 4 AND point.points - event.event_n - late.periods >= 11
    GROUP BY ALL
),

lasting AS (
    SELECT {{ chart_series() | join(', ') }}, first_n, period_start
    FROM shift
    WHERE (lowest > before OR highest < before)
        AND (event_n > 6 OR lowest > highest_before OR highest < lowest_before)
        AND abs(first_value - after) < abs(first_value - before)
    QUALIFY row_number() OVER (PARTITION BY {{ chart_series() | join(', ') }}, event_n ORDER BY first_n) = 1
)

-- Of two that begin within 8 points of each other the earlier one.
SELECT {{ chart_series() | join(', ') }}, min(period_start) AS period_start
FROM lasting
GROUP BY {{ chart_series() | join(', ') }}, first_n
QUALIFY coalesce(first_n - lag(first_n) OVER (PARTITION BY {{ chart_series() | join(', ') }} ORDER BY first_n), 8) >= 8
