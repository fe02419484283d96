-- Grain: series × month or quarter of the year, of series with a proven season: what the season adds there. Friedman's test
-- on what level or line leave over: the months of a year are ranked within each whole year of the series, and 3 years or more
-- of them must agree by more than chance (p < 0.01).
with point as (
    select
        *,
        case period_type when 'month' then 12 else 4 end as seasons,
        place % seasons as season,
        (place - min(place) over series) // seasons as block
    from {{ ref('rst_chart_level') }}
    where left_over is not null and is_baseline
    window series as (partition by {{ chart_series() | join(', ') }})
),

whole as (
    select
        *,
        rank() over (partition by {{ chart_series() | join(', ') }}, block order by left_over)
            + (count(*) over (partition by {{ chart_series() | join(', ') }}, block, left_over) - 1) / 2 as mid_rank
    from point
    qualify count(*) over (partition by {{ chart_series() | join(', ') }}, block) = seasons
),

rank_sum as (
    select {{ chart_series() | join(', ') }}, season, any_value(seasons) as seasons, sum(mid_rank) as ranks, count(*) as years
    from whole
    group by all
),

test as (
    select
        {{ chart_series() | join(', ') }},
        {{ chi_square_tail('12 * sum(power(ranks, 2)) / (any_value(years) * any_value(seasons) * (any_value(seasons) + 1))
            - 3 * any_value(years) * (any_value(seasons) + 1)', 'any_value(seasons) - 1') }} as season_p_value
    from rank_sum
    group by all
    having any_value(years) >= 3
),

proven as (select * from test where season_p_value < 0.01),

centred as (
    select
        point.*, proven.season_p_value,
        avg(point.place) over same_season as season_place,
        avg(point.left_over) over same_season as season_left_over
    from point
    join proven using ({{ chart_series() | join(', ') }})
    window same_season as (partition by {{ prefixed('point', chart_series()) }}, point.season)
),

-- A line that was fitted before the season was known is put right by the slope between equal seasons.
corrected as (
    select
        *,
        case when has_line then sum(left_over * (place - season_place)) over series
            / sum(power(place - season_place, 2)) over series else 0 end as drift,
        avg(place) over series as centre
    from centred
    window series as (partition by {{ chart_series() | join(', ') }})
)

select
    {{ chart_series() | join(', ') }}, season, season_p_value, drift, centre,
    any_value(season_left_over - drift * (season_place - centre)) as seasonal
from corrected
group by all
