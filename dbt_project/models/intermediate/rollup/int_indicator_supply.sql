-- Grain: one row per indicator, source and month for which data were supplied. A source is `local` (a partner's
-- extract) or the code of an area whose official figures come ready made.
-- Local months are those the accepted deliveries cover, so that a month without events counts as zero and not as
-- missing; without a ledger (a build by hand) they are the months that have events. An indicator whose supply is
-- `counts` is worked out from several extracts, or from figures that come with later files: it is supplied where there
-- are counts.
WITH indicator AS (SELECT * FROM {{ ref('int_indicator') }}),

count AS (SELECT * FROM {{ ref('int_indicator_counts') }}),

area AS (SELECT area_code, area_type FROM {{ ref('int_area') }}),

delivered AS (
    SELECT extract, unnest(periods)::DATE AS covered
    FROM {{ ref('int_delivery') }}
    WHERE verdict <> 'rejected'
),

counted AS (
    SELECT DISTINCT
        count.indicator_id,
        CASE WHEN list_contains(indicator.official_areas, area.area_type) THEN area.area_code ELSE 'local' END AS source,
        count.period_start AS covered
    FROM count
    JOIN indicator ON indicator.indicator_id = count.indicator_id
    LEFT JOIN area ON area.area_code = count.area_code
    WHERE count.period_start IS NOT NULL
),

covered AS (
    SELECT indicator.indicator_id, 'local' AS source, delivered.covered
    FROM delivered
    JOIN indicator ON indicator.event_extract = delivered.extract AND indicator.supply IS DISTINCT FROM 'counts'
    UNION ALL
    SELECT counted.*
    FROM counted
    JOIN indicator ON indicator.indicator_id = counted.indicator_id
    WHERE counted.source <> 'local' OR indicator.supply = 'counts' OR indicator.event_extract NOT IN (SELECT extract FROM delivered)
)

SELECT DISTINCT indicator_id, source, date_trunc('month', covered)::DATE AS month_start
FROM covered
