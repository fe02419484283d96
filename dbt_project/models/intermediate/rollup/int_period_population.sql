-- Grain: one row per value of the spine and five-year age band: the population at risk over the period.
-- person_years and person_days add up the months of the period, each with the population of its year; persons is
-- the population at the middle of the period. A PCN uses the list of its practices, every other area its residents.
WITH spine AS (SELECT * FROM {{ ref('int_value_spine') }}),

indicator AS (SELECT * FROM {{ ref('int_indicator') }} WHERE population_basis IS NOT NULL),

population AS (SELECT * FROM {{ ref('int_population') }}),

period AS (SELECT DISTINCT period_id, period_start, period_end, months FROM spine),

exposure AS (
    SELECT
        period_id,
        year(month_start) AS population_year,
        count(*) / 12.0 AS person_years,
        sum(day(last_day(month_start))) AS person_days,
        max((month_start = date_trunc('month', period_start + ((period_end - period_start) // 2)::INTEGER))::INTEGER)
            AS persons -- 1 in the year that holds the middle of the period
    FROM (
        SELECT *, unnest(generate_series(period_start, period_end, INTERVAL 1 MONTH))::DATE AS month_start
        FROM period
    )
    GROUP BY ALL
)

SELECT
    spine.indicator_id,
    spine.area_code,
    spine.period_id,
    population.age_band,
    -- Added up as decimals, and kept to a ten-thousandth: a sum of fractions in floating point would depend on the
    -- order of the rows.
    sum((population.population * CASE indicator.population_basis
        WHEN 'person_years' THEN exposure.person_years
        WHEN 'person_days' THEN exposure.person_days
        ELSE exposure.persons END)::DECIMAL(30, 8))::DECIMAL(30, 4)::DOUBLE AS population
FROM spine
JOIN indicator ON indicator.indicator_id = spine.indicator_id
JOIN exposure ON exposure.period_id = spine.period_id
JOIN population
    ON population.area_code = spine.area_code
    AND population.list = CASE spine.area_type WHEN 'pcn' THEN 'registered' ELSE 'resident' END
    AND population.population_year = exposure.population_year
    AND population.age_from BETWEEN indicator.min_age AND indicator.max_age
GROUP BY ALL
