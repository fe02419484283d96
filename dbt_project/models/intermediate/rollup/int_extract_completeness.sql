-- Grain: one row per extract, part of its rows and month of its events that is not settled: the share of its rows that is likely to have
-- come, by what past months had when their files were as old and as many files of later months had come. Only for
-- extracts with a curve of late arrivals.
WITH curve AS (SELECT extract, part, delay_months, later_months, completeness FROM {{ ref('fct_late_arrival') }}),

delivery AS (SELECT extract, received_at, unnest(periods) AS covered FROM {{ ref('int_delivery') }} WHERE verdict <> 'rejected'),

newest AS (
    SELECT
        extract,
        date_trunc('month', max(received_at))::DATE AS received_month,
        date_trunc('month', max(covered))::DATE AS covered_month
    FROM delivery
    GROUP BY extract
),

event_month AS (SELECT DISTINCT extract, part, event_month, first_month FROM {{ ref('int_arrival') }}),

staged AS (
    SELECT
        event_month.extract,
        event_month.part,
        event_month.event_month,
        date_diff('month', event_month.first_month, newest.received_month) AS delay_months,
        greatest(date_diff('month', event_month.event_month, newest.covered_month), 0) AS later_months
    FROM event_month
    JOIN newest ON newest.extract = event_month.extract
)

SELECT staged.extract, staged.part, staged.event_month, curve.completeness
FROM staged
JOIN curve
    ON curve.extract = staged.extract AND curve.part = staged.part
    AND curve.delay_months = least(staged.delay_months, {{ var('arrival_settled_after') }})
    AND curve.later_months = least(staged.later_months, {{ var('arrival_settled_after') }})
WHERE least(staged.delay_months, staged.later_months) <= {{ var('arrival_settled_after') }}
