-- Grain: one row per value of the spine and stratum (five-year age band; a life table splits the first): the population at
-- risk over the period; one sex is the share of the population that it has of the lists.
-- person_years and person_days add up the months of the period, each with the population of its year; persons is
-- the population at the middle of the period. A year without any population leaves its periods without one. A PCN uses the list of its practices, every other area its residents.
WITH spine AS (SELECT * FROM {{ ref('int_value_spine') }} WHERE NOT is_published),

indicator AS (SELECT * FROM {{ ref('int_indicator') }} WHERE population_basis IS NOT NULL),

age_group AS (SELECT * FROM {{ ref('int_age_group') }}),

population AS (SELECT * FROM {{ ref('int_population') }}),

sex_share AS (SELECT * FROM {{ ref('int_population_sex') }}),

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
    spine.sex,
    spine.age_band,
    CASE indicator.method WHEN 'life_expectancy' THEN {{ life_table_band('population.age_from') }}
        ELSE population.age_band END AS stratum,
    -- Added up as decimals, and kept to a ten-thousandth: a sum of fractions in floating point would depend on the
    -- order of the rows.
    {%- set exposed %}CASE indicator.population_basis
        WHEN 'person_years' THEN exposure.person_years
        WHEN 'person_days' THEN exposure.person_days
        ELSE exposure.persons END{% endset %}
    CASE WHEN bool_and(population.population IS NOT NULL OR {{ exposed }} = 0) THEN
        sum((population.population * {{ exposed }}
            * CASE spine.sex WHEN 'persons' THEN 1 ELSE sex_share.share END)::DECIMAL(30, 8))::DECIMAL(30, 4)::DOUBLE
        END AS population
FROM spine
JOIN indicator ON indicator.indicator_id = spine.indicator_id
JOIN exposure ON exposure.period_id = spine.period_id
LEFT JOIN age_group ON age_group.indicator_id = spine.indicator_id AND age_group.age_group = spine.age_band
JOIN population
    ON population.area_code = spine.area_code
    AND population.list = CASE spine.area_type WHEN 'pcn' THEN 'registered' ELSE 'resident' END
    AND population.population_year = exposure.population_year
    AND population.age_from BETWEEN indicator.min_age AND indicator.max_age
    AND population.age_from BETWEEN coalesce(age_group.youngest, 0) AND coalesce(age_group.oldest, 150)
LEFT JOIN sex_share
    ON sex_share.area_code = population.area_code
    AND sex_share.list = population.list
    AND sex_share.age_from = population.age_from
    AND sex_share.sex = spine.sex
GROUP BY ALL
