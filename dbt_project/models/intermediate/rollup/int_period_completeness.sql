-- Grain: one row per extract, part of its rows and period with a month that is not settled: the share of its rows that is likely to have
-- come, months weighing alike; settled months have all of theirs.
WITH month AS (SELECT * FROM {{ ref('int_extract_completeness') }})

SELECT
    month.extract,
    month.part,
    period.period_id,
    round((sum(month.completeness::DECIMAL(9, 3)) + any_value(period.months) - count(*)) / any_value(period.months), 3)
        AS completeness
FROM {{ ref('int_period') }} AS period
JOIN month ON month.event_month BETWEEN period.period_start AND period.period_end
GROUP BY month.extract, month.part, period.period_id
