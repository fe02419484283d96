-- Grain: one row per published count and one of the spans of months it is made of. Snapshots: the count taken at the
-- end of a month is the same for every period that ends with it. People who count once: the same in periods of the
-- same days. Growth compares with the same months a year before.
WITH unit AS (SELECT * FROM {{ ref('rst_sum_unit') }}),

indicator AS (SELECT indicator_id, aggregation, method FROM {{ ref('int_indicator') }}),

period AS (SELECT period_id, period_start, (period_end + INTERVAL 1 DAY)::DATE AS period_next FROM {{ ref('int_period') }}),

count AS (
    SELECT
        seen.count_key, seen.measure, value.indicator_id, value.area_code, value.sex, value.age_band, indicator.aggregation,
        CASE WHEN indicator.method = 'growth' AND seen.measure = 'denominator' THEN 12 ELSE 0 END AS months_back,
        CASE WHEN indicator.method = 'growth' THEN 'numerator' ELSE seen.measure END AS unit_measure,
        (period.period_start - months_back * INTERVAL 1 MONTH)::DATE AS starts,
        (period.period_next - months_back * INTERVAL 1 MONTH)::DATE AS next_starts
    FROM {{ ref('rst_seen_bounds') }} AS seen
    JOIN {{ ref('rst_standing') }} AS value ON value.value_key = seen.value_key
    JOIN indicator ON indicator.indicator_id = value.indicator_id
    JOIN period ON period.period_id = value.period_id
    WHERE seen.measure <> 'complement'
),

made_of_spans AS (
    SELECT count.count_key, unit.unit_key
    FROM count
    JOIN unit
        ON unit.indicator_id = count.indicator_id
        AND unit.area_code = count.area_code
        AND unit.sex = count.sex
        AND unit.age_band = count.age_band
        AND unit.measure = count.unit_measure
        AND unit.starts >= count.starts
        AND unit.next_starts <= count.next_starts
    WHERE count.aggregation = 'sum'
    -- The spans a year before may not reach back as far.
    QUALIFY sum(unit.next_starts - unit.starts) OVER (PARTITION BY count.count_key)
        = any_value(count.next_starts - count.starts) OVER (PARTITION BY count.count_key)
),

same_snapshot AS (
    SELECT
        count_key,
        first_value(count_key) OVER (
            PARTITION BY indicator_id, area_code, sex, age_band, measure, next_starts,
                CASE WHEN aggregation = 'people' THEN starts END
            ORDER BY starts, count_key
        ) AS first_key
    FROM count
    WHERE aggregation <> 'sum' AND indicator_id IN (SELECT indicator_id FROM unit)
)

SELECT count_key, unit_key FROM made_of_spans
UNION ALL
SELECT count_key, first_key FROM same_snapshot WHERE first_key <> count_key
