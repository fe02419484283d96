-- Grain: one row per series and month in which there were far fewer events than the series' own past would have it.
-- Expected is the smaller of two medians, of the months before and of the same month in earlier years, so that neither a
-- season nor a lasting decline is a fall. One earlier year that is less than half of the months before is no season: a hole
-- must not hide the next year's. The distance is measured between square roots, which for counts have
-- about the same spread at every size, in units of the spread of the months before (their median absolute deviation,
-- never less than that of a Poisson count).
with series as (select * from {{ ref('int_event_series') }}),

past as (
    select
        *,
        count(*) over recent as points,
        median(events) over recent as recent_median,
        median(events) over season as season_median,
        count(*) over season as seasons,
        list(2 * sqrt(events)) over (
            partition by subject, series_id order by month_start
            rows between {{ var('fall_spread_months') }} preceding and 1 preceding) as roots
    from series
    window recent as (
        partition by subject, series_id order by month_start
        rows between {{ var('fall_months_before') }} preceding and 1 preceding),
    season as (
        partition by subject, series_id, month(month_start) order by month_start rows between 5 preceding and 1 preceding)
),

expected as (
    select
        * exclude (roots),
        least(recent_median, case
            when seasons >= 2 or season_median >= recent_median / 2 then season_median else recent_median end) as expected,
        list_median(roots) as middle,
        greatest(1, 1.4826 * list_median(list_transform(roots, lambda x: abs(x - middle)))) as spread
    from past
    where points >= {{ var('fall_months_before') }}
)

select
    subject, series_id, area_code, month_start, events, expected,
    (2 * sqrt(events) - 2 * sqrt(expected)) / spread as distance
from expected
where expected >= {{ var('fall_fewest_events') }}
    and events <= expected * (1 - {{ var('fall_least_share') }})
    and (2 * sqrt(events) - 2 * sqrt(expected)) / spread < -{{ var('fall_limit') }}
