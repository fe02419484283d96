-- Grain: one row per value hidden because a suppressed neighbour could be worked out from it.
-- In every group of parts that add up to a published total: the range of a hidden part is what its own bounds and
-- total minus the other parts allow. Fewer than three possible values (two where nothing is rounded) and the next
-- smallest visible part is hidden too, parts of zero last.
WITH seen AS (SELECT * FROM {{ ref('rst_seen_bounds') }}),

part AS (
    SELECT
        groups.total_key, groups.split, seen.*,
        sum(seen.low) OVER in_group - seen.low AS others_low,
        sum(seen.high) OVER in_group - seen.high AS others_high
    FROM {{ ref('rst_sum_group') }} AS groups
    JOIN seen ON seen.value_key = groups.part_key
    WINDOW in_group AS (PARTITION BY groups.total_key, groups.split, seen.measure)
),

exposed AS (
    SELECT DISTINCT part.total_key, part.split, part.measure
    FROM part
    JOIN seen AS total ON total.value_key = part.total_key AND total.measure = part.measure
    WHERE part.hidden AND NOT total.hidden
        AND least(part.high, total.high - part.others_low) - greatest(part.low, total.low - part.others_high) + 1
            < CASE WHEN part.rounded THEN 3 ELSE 2 END
),

visible AS (
    SELECT
        part.value_key,
        row_number() OVER (
            PARTITION BY part.total_key, part.split, part.measure
            ORDER BY part.exact = 0, part.exact, part.area_code, part.period_id
        ) AS place
    FROM part
    JOIN exposed USING (total_key, split, measure)
    WHERE NOT part.any_hidden AND part.exact IS NOT NULL
)

SELECT DISTINCT value_key FROM visible WHERE place = 1
