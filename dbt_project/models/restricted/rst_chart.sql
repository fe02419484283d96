-- Grain: series: which control chart suits it, or why none does. The first rule that holds decides. What is left
-- over of level or line and season is also looked at beside its largest shift: points that follow each other closely only because
-- there is one are what a chart is for.
WITH point AS (
    SELECT
        level.*, season.season_p_value,
        CASE WHEN level.is_baseline THEN level.left_over - {{ seasonal_part('level', 'season') }} END AS rest,
        level.judged - lag(level.judged) OVER (PARTITION BY {{ prefixed('level', chart_series()) }} ORDER BY level.place) AS step,
        max(level.phase) OVER (PARTITION BY {{ prefixed('level', chart_series()) }}) AS last_phase
    FROM {{ ref('rst_chart_level') }} AS level
    LEFT JOIN {{ ref('rst_chart_season') }} AS season
        ON {% for column in chart_series() %}season.{{ column }} = level.{{ column }} AND {% endfor %}
        season.season = level.place % CASE level.period_type WHEN 'month' THEN 12 ELSE 4 END
),

summed AS (
    SELECT *, sum(rest) OVER (PARTITION BY {{ chart_series() | join(', ') }} ORDER BY place) AS sum_so_far
    FROM point
),

split AS (
    SELECT *, place <= arg_max(place, abs(sum_so_far)) OVER (PARTITION BY {{ chart_series() | join(', ') }}) AS is_before_shift
    FROM summed
),

beside AS (
    SELECT *, rest - avg(rest) OVER (PARTITION BY {{ chart_series() | join(', ') }}, is_before_shift) AS rest_beside
    FROM split
),

series AS (
    SELECT
        {{ chart_series() | join(', ') }},
        any_value(method) AS method, any_value(precision) AS precision, any_value(aggregation) AS aggregation, any_value(is_yearly) AS is_yearly,
        bool_or(has_line) AS has_line, any_value(slope) AS slope, any_value(explained) AS explained,
        any_value(season_p_value) AS season_p_value,
        count(judged) AS points,
        max(phase) + 1 AS phases,
        min(period_start) FILTER (phase = last_phase) AS usual_since,
        avg(judged) AS mean,
        avg((step = 0)::INTEGER) AS unchanged,
        count(judged) FILTER (judged > 0) AS periods_with_events,
        sum(rest * rest_before) / nullif(sum(power(rest, 2)), 0) AS autocorrelation,
        sum(rest_beside * rest_beside_before) / nullif(sum(power(rest_beside, 2)), 0) AS autocorrelation_beside_shift
    FROM (
        SELECT *, lag(rest) OVER in_order AS rest_before, lag(rest_beside) OVER in_order AS rest_beside_before
        FROM beside
        WINDOW in_order AS (PARTITION BY {{ chart_series() | join(', ') }}, phase ORDER BY place)
    )
    GROUP BY {{ chart_series() | join(', ') }}
)

SELECT
    *,
    CASE WHEN reason_against IS NOT NULL THEN 'none'
        WHEN {{ is_rare() }} THEN 'g'
        WHEN has_line AND season_p_value IS NOT NULL THEN 'trend_seasonal'
        WHEN has_line THEN 'trend'
        WHEN season_p_value IS NOT NULL THEN 'xmr_seasonal'
        ELSE 'xmr' END AS chart_type
FROM (SELECT *, {{ reason_against_chart() }} AS reason_against FROM series)
