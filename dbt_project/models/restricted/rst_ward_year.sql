-- Grain: indicator × period × ward × year, for whole years of more than one ward up to the end of the period: events, and
-- the events expected at the district's own rates by age over all its years. For the regression that asks
-- whether the gap is closing: wherever the level stands, an external standard would cancel out.
WITH indicator AS (
    SELECT * FROM {{ ref('int_indicator') }}
    WHERE list_contains(areas, 'ward') AND method IN ('smr', 'dsr') AND population_basis = 'person_years'
),

ward AS (SELECT area_code, imd_score, imd19_rank FROM {{ ref('int_area') }} WHERE area_type = 'ward'),

question AS (
    SELECT DISTINCT
        spine.indicator_id, spine.period_id, spine.period_end,
        {{ imd_vintage('spine.period_start', 'spine.period_end') }} AS imd_vintage
    FROM {{ ref('int_value_spine') }} AS spine
    JOIN indicator ON indicator.indicator_id = spine.indicator_id
    WHERE spine.area_type = 'ward' AND NOT spine.is_published
        AND spine.period_type NOT IN ('month', 'quarter', 'rolling_12m')
),

supply AS (
    SELECT DISTINCT indicator_id, month_start FROM {{ ref('int_indicator_supply') }} WHERE source = 'local'
),

year AS (
    SELECT
        question.*,
        (period_end + 1 - to_months(12 * back.years::INTEGER))::DATE AS year_start,
        (period_end + 1 - to_months(12 * (back.years - 1)::INTEGER))::DATE AS next_start
    FROM question
    JOIN indicator ON indicator.indicator_id = question.indicator_id
    JOIN range(1, 31) AS back (years)
        ON (period_end + 1 - to_months(12 * back.years::INTEGER)) >= date_trunc('month', indicator.starts)
),

whole_year AS (
    SELECT year.*
    FROM year
    JOIN supply
        ON supply.indicator_id = year.indicator_id
        AND supply.month_start >= year.year_start AND supply.month_start < year.next_start
    GROUP BY ALL
    HAVING count(*) = 12
),

span AS (SELECT DISTINCT indicator_id, year_start, next_start FROM whole_year),

-- A year that does not begin in January has the population of two, each by its months.
person_year AS (
    SELECT
        span.indicator_id, span.year_start, population.area_code, population.age_band,
        sum(population.population * CASE
            WHEN population.population_year = year(span.year_start) THEN 13 - month(span.year_start)
            ELSE month(span.year_start) - 1 END / 12) AS person_years
    FROM span
    JOIN indicator ON indicator.indicator_id = span.indicator_id
    JOIN {{ ref('int_population') }} AS population
        ON population.population_year BETWEEN year(span.year_start) AND year(span.next_start - 1)
        AND population.age_from BETWEEN indicator.min_age AND indicator.max_age
    JOIN ward ON ward.area_code = population.area_code
    GROUP BY ALL
),

event AS (
    SELECT
        span.indicator_id, span.year_start, area_month.area_code, area_month.age_band,
        sum(area_month.numerator) AS events
    FROM span
    JOIN {{ ref('int_area_month') }} AS area_month
        ON area_month.indicator_id = span.indicator_id
        AND area_month.month_start >= span.year_start AND area_month.month_start < span.next_start
    JOIN ward ON ward.area_code = area_month.area_code
    GROUP BY ALL
),

stratum AS (
    SELECT
        person_year.*, coalesce(event.events, 0)::DOUBLE AS events,
        sum(coalesce(event.events, 0)) OVER rate::DOUBLE / nullif(sum(person_years) OVER rate, 0) AS rate
    FROM person_year
    LEFT JOIN event USING (indicator_id, year_start, area_code, age_band)
    WINDOW rate AS (PARTITION BY indicator_id, age_band)
)

SELECT
    whole_year.indicator_id, whole_year.period_id, whole_year.imd_vintage, whole_year.year_start, ward.area_code,
    CASE whole_year.imd_vintage WHEN 2015 THEN ward.imd_score ELSE -ward.imd19_rank END::DOUBLE AS deprivation,
    sum(stratum.events) AS observed,
    round(sum(stratum.person_years * stratum.rate), 8) AS expected
FROM whole_year
JOIN stratum ON stratum.indicator_id = whole_year.indicator_id AND stratum.year_start = whole_year.year_start
JOIN ward ON ward.area_code = stratum.area_code
GROUP BY ALL
