-- Grain: series × month or quarter of the year, of series with a proven season: what the season adds there. Friedman's test
-- on what level or line leave over: the months of a year are ranked within each whole year of the series, and 3 years or more
-- of them must agree by more than chance (p < 0.01).
WITH point AS (
    SELECT
        *,
        CASE period_type WHEN 'month' THEN 12 ELSE 4 END AS seasons,
        place % seasons AS season,
        (place - min(place) OVER series) // seasons AS block
    FROM {{ ref('rst_chart_level') }}
    WHERE left_over IS NOT NULL AND is_baseline
    WINDOW series AS (PARTITION BY {{ chart_series() | join(', ') }})
),

whole AS (
    SELECT
        *,
        rank() OVER (PARTITION BY {{ chart_series() | join(', ') }}, block ORDER BY left_over)
            + (count(*) OVER (PARTITION BY {{ chart_series() | join(', ') }}, block, left_over) - 1) / 2 AS mid_rank
    FROM point
    QUALIFY count(*) OVER (PARTITION BY {{ chart_series() | join(', ') }}, block) = seasons
),

rank_sum AS (
    SELECT {{ chart_series() | join(', ') }}, season, any_value(seasons) AS seasons, sum(mid_rank) AS ranks, count(*) AS years
    FROM whole
    GROUP BY ALL
),

test AS (
    SELECT
        {{ chart_series() | join(', ') }},
        {{ chi_square_tail('12 * sum(power(ranks, 2)) / (any_value(years) * any_value(seasons) * (any_value(seasons) + 1))
            - 3 * any_value(years) * (any_value(seasons) + 1)', 'any_value(seasons) - 1') }} AS season_p_value
    FROM rank_sum
    GROUP BY ALL
    HAVING any_value(years) >= 3
),

proven AS (SELECT * FROM test WHERE season_p_value < 0.01),

centred AS (
    SELECT
        point.*, proven.season_p_value,
        avg(point.place) OVER same_season AS season_place,
        avg(point.left_over) OVER same_season AS season_left_over
    FROM point
    JOIN proven USING ({{ chart_series() | join(', ') }})
    WINDOW same_season AS (PARTITION BY {{ prefixed('point', chart_series()) }}, point.season)
),

-- A line that was fitted before the season was known is put right by the slope between equal seasons.
corrected AS (
    SELECT
        *,
        CASE WHEN has_line THEN sum(left_over * (place - season_place)) OVER series
            / sum(power(place - season_place, 2)) OVER series ELSE 0 END AS drift,
        avg(place) OVER series AS centre
    FROM centred
    WINDOW series AS (PARTITION BY {{ chart_series() | join(', ') }})
)

SELECT
    {{ chart_series() | join(', ') }}, season, season_p_value, drift, centre,
    any_value(season_left_over - drift * (season_place - centre)) AS seasonal
FROM corrected
GROUP BY ALL
