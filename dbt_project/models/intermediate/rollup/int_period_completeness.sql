-- Grain: one row per extract and period with a month that is not settled: the share of its rows that is likely to have
-- arrived, months weighing alike. Only for extracts with a curve of late arrivals.
WITH curve AS (SELECT extract, delay_months, completeness FROM {{ ref('fct_late_arrival') }}),

newest AS (
    SELECT extract, date_trunc('month', max(received_at))::DATE AS received_month
    FROM {{ ref('int_delivery') }}
    WHERE verdict <> 'rejected'
    GROUP BY extract
),

event_month AS (SELECT DISTINCT extract, event_month, first_month FROM {{ ref('int_arrival') }}),

month AS (
    SELECT
        event_month.extract,
        event_month.event_month,
        coalesce(curve.completeness, 1) AS completeness,
        curve.completeness IS NULL AS is_settled
    FROM event_month
    JOIN newest ON newest.extract = event_month.extract
    LEFT JOIN curve
        ON curve.extract = event_month.extract
        AND curve.delay_months = date_diff('month', event_month.first_month, newest.received_month)
    WHERE event_month.extract IN (SELECT extract FROM curve)
)

SELECT month.extract, period.period_id, round(sum(month.completeness::DECIMAL(9, 3)) / count(*), 3) AS completeness
FROM {{ ref('int_period') }} AS period
JOIN month ON month.event_month BETWEEN period.period_start AND period.period_end
GROUP BY month.extract, period.period_id
HAVING NOT bool_and(month.is_settled)
