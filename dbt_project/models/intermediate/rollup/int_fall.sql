-- Grain: one row per series and month in which there were far fewer events than the series' own past would have it.
-- Expected is the smaller of two medians, of the months before and of the same month in earlier years, so that neither a
-- season nor a lasting decline is a fall. One earlier year that is less than half of the months before is no season: a hole
-- must not hide the next year's. The distance is measured between square roots, which for counts have
-- about the same spread at every size, in units of the spread of the months before (their median absolute deviation,
-- never less than that of a Poisson count).
WITH series AS (SELECT * FROM {{ ref('int_event_series') }}),

past AS (
    SELECT
        *,
        count(*) OVER recent AS points,
        median(events) OVER recent AS recent_median,
        median(events) OVER season AS season_median,
        count(*) OVER season AS seasons,
        list(2 * sqrt(events)) OVER (
            PARTITION BY subject, series_id ORDER BY month_start
            ROWS BETWEEN {{ var('fall_spread_months') }} PRECEDING AND 1 PRECEDING) AS roots
    FROM series
    WINDOW recent AS (
        PARTITION BY subject, series_id ORDER BY month_start
        ROWS BETWEEN {{ var('fall_months_before') }} PRECEDING AND 1 PRECEDING),
    season AS (
        PARTITION BY subject, series_id, month(month_start) ORDER BY month_start ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING)
),

expected AS (
    SELECT
        * EXCLUDE (roots),
        least(recent_median, CASE
            WHEN seasons >= 2 OR season_median >= recent_median / 2 THEN season_median ELSE recent_median END) AS expected,
        list_median(roots) AS middle,
        greatest(1, 1.4826 * list_median(list_transform(roots, lambda x: abs(x - middle)))) AS spread
    FROM past
    WHERE points >= {{ var('fall_months_before') }}
)

SELECT
    subject, series_id, area_code, month_start, events, expected,
    (2 * sqrt(events) - 2 * sqrt(expected)) / spread AS distance
FROM expected
WHERE expected >= {{ var('fall_fewest_events') }}
    AND events <= expected * (1 - {{ var('fall_least_share') }})
    AND (2 * sqrt(events) - 2 * sqrt(expected)) / spread < -{{ var('fall_limit') }}
