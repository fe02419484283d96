-- Nothing is lost or counted twice on the way up: wards and IMD quintiles add up to the district they are made of,
-- quarters to the financial year. Counts that exist for the district as a whole only are left out. Counts with
-- decimals (staff time, money) are compared to the fourth one.
WITH value AS (
    SELECT exact.*, spine.area_type, spine.period_type, spine.period_start, spine.period_end, indicator.aggregation
    FROM {{ ref('fct_indicator_value_all') }} AS exact
    JOIN {{ ref('int_value_spine') }} AS spine USING (indicator_id, area_code, period_id, sex, age_band)
    JOIN {{ ref('int_indicator') }} AS indicator ON indicator.indicator_id = exact.indicator_id
    WHERE exact.numerator IS NOT NULL
),

by_area AS (
    SELECT
        indicator_id, period_id, sex, age_band,
        sum(numerator) FILTER (WHERE area_type = 'district') AS whole,
        coalesce(sum(numerator) FILTER (WHERE area_type = 'ward'), whole) AS wards,
        coalesce(sum(numerator) FILTER (WHERE area_type = 'imd_quintile'), whole) AS quintiles
    FROM value
    WHERE indicator_id NOT IN (
        SELECT indicator_id FROM {{ ref('int_indicator_counts') }} WHERE area_code = 'E07000171'
    )
    GROUP BY ALL
),

by_quarter AS (
    -- A quintile's year may take another index of deprivation than its last quarter: then not all four are there.
    SELECT year.indicator_id, year.period_id, any_value(year.numerator) AS whole, sum(quarter.numerator) AS quarters
    FROM value AS year
    JOIN value AS quarter
        ON quarter.indicator_id = year.indicator_id
        AND quarter.area_code = year.area_code
        AND quarter.sex = year.sex
        AND quarter.age_band = year.age_band
        AND quarter.period_type = 'quarter'
        AND quarter.period_start BETWEEN year.period_start AND year.period_end
    WHERE year.period_type = 'financial_year' AND year.aggregation = 'sum'
    GROUP BY year.indicator_id, year.period_id, year.area_code, year.sex, year.age_band
    HAVING count(*) = 4 OR NOT starts_with(year.area_code, 'IMD')
)

SELECT 'areas' AS problem, indicator_id, period_id FROM by_area
WHERE round(whole - wards, 4) <> 0 OR round(whole - quintiles, 4) <> 0
UNION ALL
SELECT 'quarters', indicator_id, period_id FROM by_quarter
WHERE round(whole - quarters, 4) <> 0
