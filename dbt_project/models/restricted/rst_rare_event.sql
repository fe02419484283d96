-- Grain: series × period of a chart of rare events. Two signals: more events in a period than their mean allows (Poisson), and no
-- event for longer than usual (the periods from one with events to the next follow a geometric distribution: a g chart).
-- Each is expected by chance in 0.135 % of periods or fewer, as a point above the limit of an XmR chart is.
WITH chart AS (SELECT * FROM {{ ref('rst_chart') }} WHERE chart_type = 'g'),

point AS (
    SELECT
        level.*, chart.chart_type, chart.points, chart.usual_since,
        avg(level.judged) FILTER (level.is_baseline) OVER series AS mean,
        avg((level.judged > 0)::INTEGER) FILTER (level.is_baseline) OVER series AS share_with_events,
        count(level.judged) OVER (series ORDER BY level.place) AS n
    FROM {{ ref('rst_chart_level') }} AS level
    JOIN chart USING ({{ chart_series() | join(', ') }})
    WINDOW series AS (PARTITION BY {{ prefixed('level', chart_series()) }})
),

waited AS (
    SELECT
        *,
        n - coalesce(max(CASE WHEN judged > 0 THEN n END) OVER (
            PARTITION BY {{ chart_series() | join(', ') }} ORDER BY place), 0) AS periods_without,
        list_filter(range(0, 100), lambda k: {{ chi_square_tail('2 * mean', '2 * (k + 1)') }} >= 0.99865)[1]::DOUBLE AS upper_limit
    FROM point
),

labelled AS (
    SELECT
        *,
        CASE WHEN judged > upper_limit THEN 'Above UCL'
            WHEN judged = 0 AND power(1 - share_with_events, periods_without) < 0.00135 THEN 'No Events For Long'
            ELSE 'Common Cause' END AS special_cause
    FROM waited
)

SELECT
    * EXCLUDE (n, periods_without, share_with_events),
    0::DOUBLE AS lower_limit,
    CASE special_cause WHEN 'Common Cause' THEN 'common_cause'
        ELSE CASE WHEN (special_cause = 'Above UCL') = (better_when = 'increase') THEN 'special_cause_improvement'
            ELSE 'special_cause_concern' END END AS point_type
FROM labelled
