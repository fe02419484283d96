-- Grain: one row per count of an indicator, area, sex, age and span of months into which no published period reaches half.
-- Every published period is made of whole spans, whichever periods overlap: months of quarters, years, pooled years
-- and twelve rolling months. What two of them have not in common is a span or several. Snapshots and people who
-- count once add up over areas only: theirs are the published periods themselves. Indicators with nothing hidden are left out.
WITH value AS (SELECT * FROM {{ ref('rst_standing') }}),

indicator AS (SELECT indicator_id, aggregation, method FROM {{ ref('int_indicator') }}),

period AS (SELECT period_id, period_start, (period_end + INTERVAL 1 DAY)::DATE AS period_next FROM {{ ref('int_period') }}),

count AS (
    SELECT
        value.indicator_id, value.area_code, value.sex, value.age_band, seen.measure, seen.count_key, indicator.aggregation,
        period.period_start, period.period_next
    FROM {{ ref('rst_seen_bounds') }} AS seen
    JOIN value ON value.value_key = seen.value_key
    JOIN indicator ON indicator.indicator_id = value.indicator_id
    JOIN period ON period.period_id = value.period_id
    WHERE seen.measure <> 'complement' AND (seen.measure = 'numerator' OR indicator.method <> 'growth')
    QUALIFY bool_or(seen.wanted > 0) OVER (PARTITION BY value.indicator_id)
),

edge AS (
    SELECT DISTINCT indicator_id, unnest([period_start, period_next]) AS starts
    FROM count
    WHERE aggregation = 'sum'
),

span AS (
    SELECT indicator_id, starts, lead(starts) OVER (PARTITION BY indicator_id ORDER BY starts) AS next_starts
    FROM edge
)

SELECT DISTINCT
    count.indicator_id, count.area_code, count.sex, count.age_band, count.measure, span.starts, span.next_starts,
    concat_ws('|', count.indicator_id, count.area_code, count.sex, count.age_band, span.starts, span.next_starts)
        || '#' || count.measure AS unit_key
FROM count
JOIN span
    ON span.indicator_id = count.indicator_id
    AND span.starts >= count.period_start
    AND span.next_starts <= count.period_next
WHERE count.aggregation = 'sum'
UNION ALL
SELECT indicator_id, area_code, sex, age_band, measure, period_start, period_next, count_key
FROM count
WHERE aggregation <> 'sum'
-- Periods of the same days tell the same count (rst_sum_time): one of them stands in sums over areas, sexes and ages.
QUALIFY row_number() OVER (
    PARTITION BY indicator_id, area_code, sex, age_band, measure, period_start, period_next ORDER BY count_key
) = 1
