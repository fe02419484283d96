-- Grain: one row per extract, part of its rows and period with a month that is not settled: the share of its rows that is likely to have
-- come, months weighing alike; settled months have all of theirs.
with month as (select * from {{ ref('int_extract_completeness') }})

select
    month.extract,
    month.part,
    period.period_id,
    round((sum(month.completeness::decimal(9, 3)) + any_value(period.months) - count(*)) / any_value(period.months), 3)
        as completeness
from {{ ref('int_period') }} as period
join month on month.event_month between period.period_start and period.period_end
group by month.extract, month.part, period.period_id
