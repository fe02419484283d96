-- Grain: series × period: each point beside what is expected of it without a season. That is a straight line where the line
-- explains half of the spread or more, leaves less than the levels (phases) and than any single shift would, and stays within
-- what is possible; elsewhere nothing, and the chart has levels.
-- Points whose verdict is suspended do not count for the usual range, unless they are a level of their own or there is
-- nothing else.
WITH point AS (
    SELECT
        point.*,
        sum((phase.period_start IS NOT NULL)::INTEGER) OVER (
            PARTITION BY {{ prefixed('point', chart_series()) }} ORDER BY point.period_start
        ) AS phase
    FROM {{ ref('rst_chart_point') }} AS point
    LEFT JOIN {{ ref('rst_chart_phase') }} AS phase USING ({{ chart_series() | join(', ') }}, period_start)
),

counted AS (
    SELECT
        *,
        judged IS NOT NULL AND (NOT is_suspended OR phase > 0
            OR count(judged) FILTER (NOT is_suspended) OVER series < 13) AS is_baseline,
        judged IS NOT NULL AND (NOT is_suspended OR count(judged) FILTER (NOT is_suspended) OVER series < 13) AS is_fitted
    FROM point
    WINDOW series AS (PARTITION BY {{ chart_series() | join(', ') }})
),

fitted AS (
    SELECT
        *,
        regr_slope(judged, place) FILTER (is_fitted) OVER series AS slope,
        regr_intercept(judged, place) FILTER (is_fitted) OVER series AS intercept,
        regr_r2(judged, place) FILTER (is_fitted) OVER series AS explained,
        judged - avg(judged) FILTER (is_fitted) OVER level AS from_level,
        judged - avg(judged) FILTER (is_fitted) OVER series AS from_mean
    FROM counted
    WINDOW
        series AS (PARTITION BY {{ chart_series() | join(', ') }}),
        level AS (PARTITION BY {{ chart_series() | join(', ') }}, phase)
),

-- What a shift after this point would explain, of the sum of squares.
shifted AS (
    SELECT
        *,
        power(sum(from_mean) FILTER (is_fitted) OVER so_far, 2) * count(judged) FILTER (is_fitted) OVER series
            / nullif((count(judged) FILTER (is_fitted) OVER so_far) * (count(judged) FILTER (is_fitted) OVER series
                - count(judged) FILTER (is_fitted) OVER so_far), 0) AS by_shift
    FROM fitted
    WINDOW
        series AS (PARTITION BY {{ chart_series() | join(', ') }}),
        so_far AS (PARTITION BY {{ chart_series() | join(', ') }} ORDER BY place)
),

chosen AS (
    SELECT
        *,
        explained >= 0.5
            AND coalesce(min(intercept + slope * place) OVER series >= lowest_possible, TRUE)
            AND coalesce(max(intercept + slope * place) OVER series <= highest_possible, TRUE)
            AND explained * sum(power(from_mean, 2)) FILTER (is_fitted) OVER series >= max(by_shift) OVER series
            AND sum(power(judged - intercept - slope * place, 2)) FILTER (is_fitted) OVER series
            <= coalesce(sum(power(from_level, 2)) FILTER (is_fitted) OVER series, 'infinity') AS has_line
    FROM shifted
    WINDOW series AS (PARTITION BY {{ chart_series() | join(', ') }})
)

SELECT
    * EXCLUDE (from_level, from_mean, by_shift, phase, intercept, is_baseline, is_fitted),
    CASE WHEN has_line THEN 0 ELSE phase END AS phase,
    CASE WHEN has_line THEN is_fitted ELSE is_baseline END AS is_baseline,
    CASE WHEN has_line THEN intercept + slope * place ELSE 0 END AS line,
    judged - CASE WHEN has_line THEN intercept + slope * place
        ELSE avg(judged) FILTER (is_baseline) OVER (PARTITION BY {{ chart_series() | join(', ') }}, phase) END AS left_over
FROM chosen
