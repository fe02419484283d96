-- Grain: one row per extract, part of its rows and month of its events that is not settled: the share of its rows that is likely to have
-- come, by what past months had when their files were as old and as many files of later months had come. Only for
-- extracts with a curve of late arrivals.
with curve as (select extract, part, delay_months, later_months, completeness from {{ ref('fct_late_arrival') }}),

delivery as (select extract, received_at, unnest(periods) as covered from {{ ref('int_delivery') }} where verdict <> 'rejected'),

newest as (
    select
        extract,
        date_trunc('month', max(received_at))::date as received_month,
        date_trunc('month', max(covered))::date as covered_month
    from delivery
    group by extract
),

event_month as (select distinct extract, part, event_month, first_month from {{ ref('int_arrival') }}),

staged as (
    select
        event_month.extract,
        event_month.part,
        event_month.event_month,
        date_diff('month', event_month.first_month, newest.received_month) as delay_months,
        greatest(date_diff('month', event_month.event_month, newest.covered_month), 0) as later_months
    from event_month
    join newest on newest.extract = event_month.extract
)

select staged.extract, staged.part, staged.event_month, curve.completeness
from staged
join curve
    on curve.extract = staged.extract and curve.part = staged.part
    and curve.delay_months = least(staged.delay_months, {{ var('arrival_settled_after') }})
    and curve.later_months = least(staged.later_months, {{ var('arrival_settled_after') }})
where least(staged.delay_months, staged.later_months) <= {{ var('arrival_settled_after') }}
