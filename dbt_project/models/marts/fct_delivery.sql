-- Grain: one row per delivery received: what arrived, when, and what became of its rows.
WITH delivery AS (SELECT * FROM {{ ref('int_delivery') }})

SELECT
    delivery_id,
    partner,
    extract,
    CASE len(periods) WHEN 0 THEN NULL WHEN 1 THEN strftime(periods[1], '%Y-%m')
        ELSE strftime(periods[1], '%Y-%m') || ' to ' || strftime(periods[-1], '%Y-%m') END AS period,
    periods[1] AS first_month,
    periods[-1] AS last_month,
    received_at, file_name, sha256, rows_in, accepted, quarantined, rejected, non_data, verdict, top_reasons
FROM delivery
