-- Grain: extract × part of its rows × months of delay × files of later months. How complete a month is so long after its own file came,
-- with the files of so many later months: of the rows that past months had once they were settled, the share that had
-- come by then and with no later file than these. Rows may come late with a month's own file, sent again, or with
-- the file of a later month, as a spell comes when the patient leaves: without that file no time brings them.
-- Months of few rows say little, and a month that was loaded long afterwards says nothing: both are left out, and so is
-- an extract with few months left.
WITH watched AS (
    SELECT
        *,
        date_diff('month', first_month, arrived_month) AS delay_months,
        date_diff('month', first_month, max(arrived_month) OVER (PARTITION BY extract)) AS months_watched,
        date_diff('month', event_month, max(event_month) OVER (PARTITION BY extract)) AS months_after
    FROM {{ ref('int_arrival') }}
    WHERE date_diff('month', event_month, first_month) BETWEEN 0 AND {{ var('arrival_in_time') }}
),

settled AS (
    SELECT *, sum(row_count) OVER (PARTITION BY extract, part, event_month) AS all_rows
    FROM watched
    WHERE delay_months <= {{ var('arrival_settled_after') }} AND file_later <= {{ var('arrival_settled_after') }}
        AND months_watched >= {{ var('arrival_settled_after') }} AND months_after >= {{ var('arrival_settled_after') }}
    QUALIFY all_rows >= {{ var('arrival_fewest_rows') }}
),

stage AS (
    SELECT delay.step::INTEGER AS delay_months, later.step::INTEGER AS later_months
    FROM range({{ var('arrival_settled_after') }} + 1) AS delay (step)
    CROSS JOIN range({{ var('arrival_settled_after') }} + 1) AS later (step)
),

share AS (
    SELECT
        settled.extract, settled.part, stage.delay_months, stage.later_months,
        coalesce(sum(settled.row_count) FILTER (settled.delay_months <= stage.delay_months
            AND settled.file_later <= stage.later_months), 0) / any_value(settled.all_rows) AS share
    FROM settled
    CROSS JOIN stage
    GROUP BY settled.extract, settled.part, settled.event_month, stage.delay_months, stage.later_months
)

SELECT
    extract,
    part,
    delay_months,
    later_months,
    round(median(share), 3) AS completeness,
    round(min(share), 3) AS lowest,
    round(max(share), 3) AS highest,
    count(*)::INTEGER AS months
FROM share
GROUP BY extract, part, delay_months, later_months
HAVING count(*) >= {{ var('arrival_fewest_months') }}
