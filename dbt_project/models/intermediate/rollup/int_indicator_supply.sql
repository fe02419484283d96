-- Grain: one row per indicator, source and month for which data were supplied. A source is `local` (partners' extracts)
-- or the code of an area whose official figures come ready made.
-- Local months are those that accepted deliveries of every extract that is counted cover, so that a month without
-- events counts as zero and not as missing; a snapshot covers the two months before it, too. Without a ledger (a build
-- by hand) they are the months that have events. An indicator whose supply is `counts` is stated by later files, or
-- worked out where all its parts are known: it is supplied where there are counts.
WITH indicator AS (SELECT * FROM {{ ref('int_indicator') }}),

count AS (SELECT * FROM {{ ref('int_indicator_counts') }}),

area AS (SELECT area_code, area_type FROM {{ ref('int_area') }}),

delivered AS (
    SELECT DISTINCT extract, date_trunc('month', unnest(periods))::DATE AS month_start
    FROM {{ ref('int_delivery') }}
    WHERE verdict <> 'rejected'
),

counted AS (
    SELECT DISTINCT
        count.indicator_id,
        CASE WHEN list_contains(indicator.official_areas, area.area_type) THEN area.area_code ELSE 'local' END AS source,
        date_trunc('month', count.period_start)::DATE AS month_start
    FROM count
    JOIN indicator ON indicator.indicator_id = count.indicator_id
    LEFT JOIN area ON area.area_code = count.area_code
    WHERE count.period_start IS NOT NULL AND coalesce(count.period_type, 'month') = 'month'
),

needed AS (
    SELECT
        indicator_id, len(counted_extracts) AS extracts, unnest(counted_extracts) AS extract,
        CASE WHEN list_contains(snapshot_extracts, extract) THEN [0, 1, 2] ELSE [0] END AS months_back
    FROM indicator
    WHERE supply IS DISTINCT FROM 'counts'
),

told AS (
    SELECT
        needed.* EXCLUDE (months_back),
        (delivered.month_start - unnest(needed.months_back) * INTERVAL 1 MONTH)::DATE AS month_start
    FROM needed
    JOIN delivered ON delivered.extract = needed.extract
)

SELECT indicator_id, 'local' AS source, month_start
FROM told
GROUP BY indicator_id, month_start
HAVING count(DISTINCT extract) = any_value(extracts)

UNION

SELECT counted.indicator_id, counted.source, counted.month_start
FROM counted
JOIN indicator ON indicator.indicator_id = counted.indicator_id
WHERE counted.source <> 'local' OR indicator.supply = 'counts'
    OR NOT list_has_any(indicator.counted_extracts, (SELECT coalesce(list(DISTINCT extract), []) FROM delivered))
