-- Grain: one row per value of the spine and stratum (age band of what is standardised) that has any counts: numerator
-- and denominator of the period.
-- Sums add the months; people are counted once, by kind of period; a snapshot is the last month of the period that has one; growth sets the months against
-- the same months a year before.
WITH spine AS (SELECT * FROM {{ ref('int_value_spine') }} WHERE NOT is_published),

indicator AS (SELECT indicator_id, method, aggregation FROM {{ ref('int_indicator') }}),

area_month AS (SELECT * FROM {{ ref('int_area_month') }}),

snapshot_month AS (
    SELECT indicator_id, month_start
    FROM area_month
    GROUP BY ALL
),

expected AS (
    SELECT
        spine.indicator_id, spine.area_code, spine.period_id, spine.sex, spine.age_band, spine.period_type, spine.period_start, spine.period_end, indicator.method,
        CASE WHEN indicator.aggregation = 'last' THEN (
            SELECT max(snapshot_month.month_start)
            FROM snapshot_month
            WHERE snapshot_month.indicator_id = spine.indicator_id
                AND snapshot_month.month_start BETWEEN spine.period_start AND spine.period_end
        ) ELSE spine.period_start END AS first_month
    FROM spine
    JOIN indicator ON indicator.indicator_id = spine.indicator_id
),

current_count AS (
    SELECT
        expected.indicator_id, expected.area_code, expected.period_id, expected.sex, expected.age_band, expected.method,
        area_month.age_band AS stratum,
        sum(area_month.numerator) AS numerator,
        sum(area_month.denominator) AS denominator,
        bool_or(area_month.numerator IS NULL) AS is_hidden
    FROM expected
    JOIN area_month
        ON area_month.indicator_id = expected.indicator_id
        AND area_month.area_code = expected.area_code
        AND expected.sex IN ('persons', area_month.sex)
        AND expected.age_band IN ('all', area_month.age_band)
        AND area_month.month_start BETWEEN expected.first_month AND expected.period_end
        AND (area_month.period_type IS NULL
            OR (area_month.period_type = expected.period_type AND area_month.month_start = expected.period_start))
    GROUP BY ALL
),

previous_count AS (
    SELECT
        expected.indicator_id, expected.area_code, expected.period_id, expected.sex, expected.age_band,
        sum(area_month.numerator) AS numerator
    FROM expected
    JOIN area_month
        ON area_month.indicator_id = expected.indicator_id
        AND area_month.area_code = expected.area_code
        AND expected.sex IN ('persons', area_month.sex)
        AND expected.age_band IN ('all', area_month.age_band)
        AND area_month.month_start + INTERVAL 12 MONTH BETWEEN expected.first_month AND expected.period_end
    WHERE expected.method = 'growth'
    GROUP BY ALL
)

SELECT
    indicator_id,
    area_code,
    period_id,
    sex,
    age_band,
    coalesce(current_count.stratum, 'all') AS stratum,
    current_count.numerator::DOUBLE AS numerator,
    (CASE WHEN current_count.method IS DISTINCT FROM 'growth' AND previous_count.numerator IS NULL
        THEN current_count.denominator
        ELSE previous_count.numerator END)::DOUBLE AS denominator,
    coalesce(current_count.is_hidden, FALSE) AS is_hidden
FROM current_count
FULL JOIN previous_count USING (indicator_id, area_code, period_id, sex, age_band)
