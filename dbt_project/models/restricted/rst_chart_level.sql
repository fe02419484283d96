-- Grain: series × period: each point beside what is expected of it without a season. That is a straight line where the line
-- explains half of the spread or more, leaves less than the levels (phases) and than any single shift would, and stays within
-- what is possible; elsewhere nothing, and the chart has levels.
-- Points whose verdict is suspended do not count for the usual range, unless they are a level of their own or there is
-- nothing else.
with point as (
    select
        point.*,
        sum((phase.period_start is not null)::integer) over (
            partition by {{ prefixed('point', chart_series()) }} order by point.period_start
        ) as phase
    from {{ ref('rst_chart_point') }} as point
    left join {{ ref('rst_chart_phase') }} as phase using ({{ chart_series() | join(', ') }}, period_start)
),

counted as (
    select
        *,
        judged is not null and (not is_suspended or phase > 0
            or count(judged) filter (not is_suspended) over series < 13) as is_baseline,
        judged is not null and (not is_suspended or count(judged) filter (not is_suspended) over series < 13) as is_fitted
    from point
    window series as (partition by {{ chart_series() | join(', ') }})
),

fitted as (
    select
        *,
        regr_slope(judged, place) filter (is_fitted) over series as slope,
        regr_intercept(judged, place) filter (is_fitted) over series as intercept,
        regr_r2(judged, place) filter (is_fitted) over series as explained,
        judged - avg(judged) filter (is_fitted) over level as from_level,
        judged - avg(judged) filter (is_fitted) over series as from_mean
    from counted
    window
        series as (partition by {{ chart_series() | join(', ') }}),
        level as (partition by {{ chart_series() | join(', ') }}, phase)
),

-- What a shift after this point would explain, of the sum of squares.
shifted as (
    select
        *,
        power(sum(from_mean) filter (is_fitted) over so_far, 2) * count(judged) filter (is_fitted) over series
            / nullif((count(judged) filter (is_fitted) over so_far) * (count(judged) filter (is_fitted) over series
                - count(judged) filter (is_fitted) over so_far), 0) as by_shift
    from fitted
    window
        series as (partition by {{ chart_series() | join(', ') }}),
        so_far as (partition by {{ chart_series() | join(', ') }} order by place)
),

chosen as (
    select
        *,
        explained >= 0.5
            and coalesce(min(intercept + slope * place) over series >= lowest_possible, true)
            and coalesce(max(intercept + slope * place) over series <= highest_possible, true)
            and explained * sum(power(from_mean, 2)) filter (is_fitted) over series >= max(by_shift) over series
            and sum(power(judged - intercept - slope * place, 2)) filter (is_fitted) over series
            <= coalesce(sum(power(from_level, 2)) filter (is_fitted) over series, 'infinity') as has_line
    from shifted
    window series as (partition by {{ chart_series() | join(', ') }})
)

select
    * exclude (from_level, from_mean, by_shift, phase, intercept, is_baseline, is_fitted),
    case when has_line then 0 else phase end as phase,
    case when has_line then is_fitted else is_baseline end as is_baseline,
    case when has_line then intercept + slope * place else 0 end as line,
    judged - case when has_line then intercept + slope * place
        else avg(judged) filter (is_baseline) over (partition by {{ chart_series() | join(', ') }}, phase) end as left_over
from chosen
