-- Grain: extract × month that a delivery covers, or of which one was promised and did not come. Promises are those of the
-- contract's cadence, judged as `bassetlaw status` does it: a week belongs to the month it begins in.
with delivery as (select * from {{ ref('int_delivery') }} where extract is not null),

covered as (
    select distinct
        delivery.partner, delivery.extract, date_trunc('month', period.day)::date as month_start,
        delivery.delivery_id, delivery.received_at, delivery.verdict, delivery.rows_in, delivery.quarantined
    from delivery
    cross join unnest(delivery.periods) as period (day)
),

overdue as (
    select partner, extract, month_start::date as month_start, count(*) as periods_missing
    from {{ source('pipeline', 'supply') }},
        unnest(generate_series(
            date_trunc('month', period),
            case when period_end - period < 7 then period else period_end end, interval 1 month)) as month (month_start)
    where state in ('late', 'rejected')
    group by all
),

spine as (
    select partner, extract, month_start from covered
    union
    select partner, extract, month_start from overdue
),

supply as (
    select
        spine.partner,
        spine.extract,
        spine.month_start,
        count(covered.delivery_id) filter (covered.verdict <> 'rejected') as deliveries,
        count(covered.delivery_id) filter (covered.verdict = 'rejected') as rejected_deliveries,
        coalesce(any_value(overdue.periods_missing), 0)::bigint as periods_missing,
        min(covered.received_at) filter (covered.verdict <> 'rejected') as first_received_at,
        max(covered.received_at) filter (covered.verdict <> 'rejected') as last_received_at,
        sum(covered.quarantined) filter (covered.verdict <> 'rejected') as set_aside,
        sum(covered.rows_in) filter (covered.verdict <> 'rejected') as rows_in,
        case when deliveries > 0 then 'received' when rejected_deliveries > 0 then 'rejected_only' else 'missing' end
            as supply_status
    from spine
    left join covered
        on covered.partner = spine.partner and covered.extract = spine.extract
        and covered.month_start = spine.month_start
    left join overdue
        on overdue.partner = spine.partner and overdue.extract = spine.extract
        and overdue.month_start = spine.month_start
    group by spine.partner, spine.extract, spine.month_start
),

-- Of the rows as they may be seen: few rows set aside, or few rows in all, give no share.
shown as (
    select *, {{ count_shown('set_aside', "'hes2018'") }} / nullif({{ count_shown('rows_in', "'hes2018'") }}, 0) as share
    from supply
)

select
    partner, extract, month_start, deliveries, rejected_deliveries, periods_missing, first_received_at, last_received_at,
    {{ rounded_by('three_decimals', 'share') }} as set_aside_share,
    supply_status
from shown
