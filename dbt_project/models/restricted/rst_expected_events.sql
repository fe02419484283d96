-- Grain: one row per value of an indirectly standardised indicator: the events its population would have at the
-- reference rates of the standard the registry names, by sex, age and year. NULL where a rate or a population is missing.
WITH indicator AS (SELECT * FROM {{ ref('int_indicator') }} WHERE method = 'smr'),

spine AS (
    SELECT spine.*
    FROM {{ ref('int_value_spine') }} AS spine
    JOIN indicator ON indicator.indicator_id = spine.indicator_id
    WHERE NOT spine.is_published
),

exposure AS (
    SELECT period_id, year(month_start) AS population_year, count(*) / 12 AS years
    FROM (
        SELECT DISTINCT
            period_id, unnest(generate_series(period_start, period_end, INTERVAL 1 MONTH))::DATE AS month_start
        FROM spine
    )
    GROUP BY ALL
),

sex AS (SELECT unnest(['female', 'male']) AS sex),

sex_share AS (SELECT * FROM {{ ref('int_population_sex') }}),

reference AS (SELECT * FROM {{ ref('int_reference_rate') }}),

stratum AS (
    SELECT
        spine.indicator_id, spine.area_code, spine.period_id,
        -- Where nobody of the age is on a list, half are women.
        population.population * exposure.years * coalesce(sex_share.share, 0.5) AS person_years,
        reference.rate_per_100000
    FROM spine
    JOIN indicator ON indicator.indicator_id = spine.indicator_id
    JOIN exposure ON exposure.period_id = spine.period_id
    JOIN {{ ref('int_population') }} AS population
        ON population.area_code = spine.area_code
        AND population.list = CASE spine.area_type WHEN 'pcn' THEN 'registered' ELSE 'resident' END
        AND population.population_year = exposure.population_year
        AND population.age_from BETWEEN indicator.min_age AND indicator.max_age
    CROSS JOIN sex
    LEFT JOIN sex_share
        ON sex_share.area_code = population.area_code AND sex_share.list = population.list
        AND sex_share.age_from = population.age_from AND sex_share.sex = sex.sex
    LEFT JOIN reference
        ON reference.cause_group = indicator.standard AND reference.sex = sex.sex
        AND reference.age_band = population.age_band AND reference.year = population.population_year
)

-- Added up as decimals: a sum of fractions in floating point would depend on the order of the rows.
SELECT
    indicator_id, area_code, period_id,
    CASE WHEN bool_and(person_years IS NOT NULL AND rate_per_100000 IS NOT NULL)
        THEN sum((person_years * rate_per_100000 / 100000)::DECIMAL(30, 12))::DOUBLE END AS expected
FROM stratum
GROUP BY ALL
