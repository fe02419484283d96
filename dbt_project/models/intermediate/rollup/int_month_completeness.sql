-- Grain: one row per indicator and month of its own counts that was supplied: has everything of the month come?
-- Files must cover, without a hole, the month and the time after it that the registry declares: the follow-up of an
-- outcome and the lag of files that come by another date than the one that counts. Where past files tell how much of
-- so recent a month is still missing, not much of it may be.
WITH indicator AS (SELECT * FROM {{ ref('int_indicator') }}),

supply AS (SELECT indicator_id, month_start FROM {{ ref('int_indicator_supply') }} WHERE source = 'local'),

arrived AS (SELECT * FROM {{ ref('int_extract_completeness') }}),

numbered AS (
    SELECT
        *,
        (month_start - row_number() OVER (PARTITION BY indicator_id ORDER BY month_start) * INTERVAL 1 MONTH)::DATE
            AS stretch
    FROM supply
),

covered AS (
    SELECT
        indicator_id, month_start,
        last_day(max(month_start) OVER (PARTITION BY indicator_id, stretch)) AS covered_to
    FROM numbered
),

waited AS (
    SELECT
        covered.*,
        indicator.has_follow_up,
        indicator.event_extract,
        indicator.arrival_part,
        covered.covered_to >= last_day((covered.month_start + indicator.wait_months * INTERVAL 1 MONTH)::DATE)
            + indicator.wait_days AS is_covered
    FROM covered
    JOIN indicator ON indicator.indicator_id = covered.indicator_id
)

SELECT
    waited.indicator_id,
    waited.month_start,
    waited.is_covered OR NOT waited.has_follow_up AS is_followed_up,
    coalesce(arrived.completeness, 1) AS completeness,
    waited.is_covered AND coalesce(arrived.completeness, 1) >= {{ var('complete_from') }} AS is_complete
FROM waited
LEFT JOIN arrived
    ON arrived.extract = waited.event_extract AND arrived.part = waited.arrival_part
    AND arrived.event_month = waited.month_start
