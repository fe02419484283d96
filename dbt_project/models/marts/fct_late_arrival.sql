-- Grain: extract × part of its rows × months of delay × files of later months. How complete a month is so long after its own file came,
-- with the files of so many later months: of the rows that past months had once they were settled, the share that had
-- come by then and with no later file than these. Rows may come late with a month's own file, sent again, or with
-- the file of a later month, as a spell comes when the patient leaves: without that file no time brings them.
-- Months of few rows say little, and a month that was loaded long afterwards says nothing: both are left out, and so is
-- an extract with few months left.
with watched as (
    select
        *,
        date_diff('month', first_month, arrived_month) as delay_months,
        date_diff('month', first_month, max(arrived_month) over (partition by extract)) as months_watched,
        date_diff('month', event_month, max(event_month) over (partition by extract)) as months_after
    from {{ ref('int_arrival') }}
    where date_diff('month', event_month, first_month) between 0 and {{ var('arrival_in_time') }}
),

settled as (
    select *, sum(row_count) over (partition by extract, part, event_month) as all_rows
    from watched
    where delay_months <= {{ var('arrival_settled_after') }} and file_later <= {{ var('arrival_settled_after') }}
        and months_watched >= {{ var('arrival_settled_after') }} and months_after >= {{ var('arrival_settled_after') }}
    qualify all_rows >= {{ var('arrival_fewest_rows') }}
),

stage as (
    select delay.step::integer as delay_months, later.step::integer as later_months
    from range({{ var('arrival_settled_after') }} + 1) as delay (step)
    cross join range({{ var('arrival_settled_after') }} + 1) as later (step)
),

share as (
    select
        settled.extract, settled.part, stage.delay_months, stage.later_months,
        coalesce(sum(settled.row_count) filter (settled.delay_months <= stage.delay_months
            and settled.file_later <= stage.later_months), 0) / any_value(settled.all_rows) as share
    from settled
    cross join stage
    group by settled.extract, settled.part, settled.event_month, stage.delay_months, stage.later_months
)

select
    extract,
    part,
    delay_months,
    later_months,
    round(median(share), 3) as completeness,
    round(min(share), 3) as lowest,
    round(max(share), 3) as highest,
    count(*)::integer as months
from share
group by extract, part, delay_months, later_months
having count(*) >= {{ var('arrival_fewest_months') }}
