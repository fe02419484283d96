-- Grain: extract × month that a delivery covers, or of which one was promised and did not come. Promises are those of the
-- contract's cadence, judged as `bassetlaw status` does it: a week belongs to the month it begins in.
WITH delivery AS (SELECT * FROM {{ ref('int_delivery') }} WHERE extract IS NOT NULL),

covered AS (
    SELECT DISTINCT
        delivery.partner, delivery.extract, date_trunc('month', period.day)::DATE AS month_start,
        delivery.delivery_id, delivery.received_at, delivery.verdict, delivery.rows_in, delivery.quarantined
    FROM delivery
    CROSS JOIN unnest(delivery.periods) AS period (day)
),

overdue AS (
    SELECT partner, extract, month_start::DATE AS month_start, count(*) AS periods_missing
    FROM {{ source('pipeline', 'supply') }},
        unnest(generate_series(
            date_trunc('month', period),
            CASE WHEN period_end - period < 7 THEN period ELSE period_end END, INTERVAL 1 MONTH)) AS month (month_start)
    WHERE state IN ('late', 'rejected')
    GROUP BY ALL
),

spine AS (
    SELECT partner, extract, month_start FROM covered
    UNION
    SELECT partner, extract, month_start FROM overdue
),

supply AS (
    SELECT
        spine.partner,
        spine.extract,
        spine.month_start,
        count(covered.delivery_id) FILTER (covered.verdict <> 'rejected') AS deliveries,
        count(covered.delivery_id) FILTER (covered.verdict = 'rejected') AS rejected_deliveries,
        coalesce(any_value(overdue.periods_missing), 0)::BIGINT AS periods_missing,
        min(covered.received_at) FILTER (covered.verdict <> 'rejected') AS first_received_at,
        max(covered.received_at) FILTER (covered.verdict <> 'rejected') AS last_received_at,
        sum(covered.quarantined) FILTER (covered.verdict <> 'rejected') AS set_aside,
        sum(covered.rows_in) FILTER (covered.verdict <> 'rejected') AS rows_in,
        CASE WHEN deliveries > 0 THEN 'received' WHEN rejected_deliveries > 0 THEN 'rejected_only' ELSE 'missing' END
            AS supply_status
    FROM spine
    LEFT JOIN covered
        ON covered.partner = spine.partner AND covered.extract = spine.extract
        AND covered.month_start = spine.month_start
    LEFT JOIN overdue
        ON overdue.partner = spine.partner AND overdue.extract = spine.extract
        AND overdue.month_start = spine.month_start
    GROUP BY spine.partner, spine.extract, spine.month_start
),

-- Of the rows as they may be seen: few rows set aside, or few rows in all, give no share.
shown AS (
    SELECT *, {{ count_shown('set_aside', "'hes2018'") }} / nullif({{ count_shown('rows_in', "'hes2018'") }}, 0) AS share
    FROM supply
)

SELECT
    partner, extract, month_start, deliveries, rejected_deliveries, periods_missing, first_received_at, last_received_at,
    {{ rounded_by('three_decimals', 'share') }} AS set_aside_share,
    supply_status
FROM shown
