-- Grain: extract × months of delay. How complete a month is so long after its own file came, told by past months: of
-- the rows that had come once it was settled, the share that had come by then. Counted from its file, because a month
-- has no figure before. Months of few rows say little, and a month that was loaded long
-- afterwards says nothing: both are left out, and so is an extract with few months left.
WITH delayed AS (
    SELECT
        *,
        date_diff('month', first_month, arrived_month) AS delay_months,
        date_diff('month', first_month, max(arrived_month) OVER (PARTITION BY extract)) AS months_watched
    FROM {{ ref('int_arrival') }}
    WHERE date_diff('month', event_month, first_month) BETWEEN 0 AND {{ var('arrival_in_time') }}
),

settled AS (
    SELECT extract, event_month, sum(row_count) AS row_count
    FROM delayed
    WHERE delay_months <= {{ var('arrival_settled_after') }} AND months_watched >= {{ var('arrival_settled_after') }}
    GROUP BY ALL
    HAVING sum(row_count) >= {{ var('arrival_fewest_rows') }}
),

delay AS (SELECT unnest(range({{ var('arrival_settled_after') }} + 1))::INTEGER AS delay_months),

share AS (
    SELECT settled.extract, delay.delay_months, sum(delayed.row_count) / settled.row_count AS share
    FROM settled
    CROSS JOIN delay
    JOIN delayed
        ON delayed.extract = settled.extract
        AND delayed.event_month = settled.event_month
        AND delayed.delay_months <= delay.delay_months
    GROUP BY settled.extract, settled.event_month, delay.delay_months, settled.row_count
)

SELECT
    extract,
    delay_months,
    round(median(share), 3) AS completeness,
    round(min(share), 3) AS lowest,
    round(max(share), 3) AS highest,
    count(*)::INTEGER AS months
FROM share
GROUP BY extract, delay_months
HAVING count(*) >= {{ var('arrival_fewest_months') }}
