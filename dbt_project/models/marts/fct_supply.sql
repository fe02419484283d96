-- Grain: extract × month. What partners have supplied of every month, from the first one they sent to the last month
-- of any extract: completeness by partner, and where the holes are.
WITH delivery AS (SELECT * FROM {{ ref('int_delivery') }} WHERE extract IS NOT NULL),

covered AS (
    SELECT DISTINCT
        delivery.partner, delivery.extract, date_trunc('month', period.day)::DATE AS month_start,
        delivery.delivery_id, delivery.received_at, delivery.verdict, delivery.rows_in, delivery.quarantined
    FROM delivery
    CROSS JOIN unnest(delivery.periods) AS period (day)
),

spine AS (
    SELECT partner, extract, unnest(generate_series(first_month, last_month, INTERVAL 1 MONTH))::DATE AS month_start
    FROM (SELECT partner, extract, min(month_start) AS first_month FROM covered GROUP BY ALL)
    CROSS JOIN (SELECT max(month_start) AS last_month FROM covered)
)

SELECT
    spine.partner,
    spine.extract,
    spine.month_start,
    count(covered.delivery_id) FILTER (covered.verdict <> 'rejected') AS deliveries,
    count(covered.delivery_id) FILTER (covered.verdict = 'rejected') AS rejected_deliveries,
    min(covered.received_at) FILTER (covered.verdict <> 'rejected') AS first_received_at,
    max(covered.received_at) FILTER (covered.verdict <> 'rejected') AS last_received_at,
    round(sum(covered.quarantined) FILTER (covered.verdict <> 'rejected')
        / nullif(sum(covered.rows_in) FILTER (covered.verdict <> 'rejected'), 0), 6)::DOUBLE AS set_aside_share,
    CASE WHEN deliveries > 0 THEN 'received' WHEN rejected_deliveries > 0 THEN 'rejected_only' ELSE 'missing' END
        AS supply_status
FROM spine
LEFT JOIN covered
    ON covered.partner = spine.partner AND covered.extract = spine.extract
    AND covered.month_start = spine.month_start
GROUP BY spine.partner, spine.extract, spine.month_start
