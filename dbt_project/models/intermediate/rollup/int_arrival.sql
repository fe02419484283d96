-- Grain: one row per extract, part of its rows, month of the event, month in which rows of it first arrived and how many
-- months later their file was: how many rows did, over all accepted deliveries, whether a later one has replaced them or not, and when
-- the month's own file first came. Only months whose own file has come: of others only stragglers are here.
{% for extract, facts in contract_facts().items() if 'event_date' in facts %}
{%- set received = received_rows(extract) %}
{%- set key = facts['keys'][facts.main] %}
select
    '{{ extract }}' as extract,
    event.part,
    file.event_month,
    file.first_month,
    greatest(date_trunc('month', event.arrived_at)::date, file.first_month) as arrived_month,
    greatest(date_diff('month', file.event_month, event.came_with), 0) as file_later,
    count(*) as row_count
from (
    select
        min({{ facts.event_date }})::date as happened_on,
        min(_received_at) as arrived_at,
        -- Of two files that came at once, the earlier month's.
        arg_min(_period_start, (_received_at, _period_start)) as came_with,
        unnest(['all' {%- for part, rows in arrival_parts(extract).items() %},
            case when bool_or({{ rows }}) then '{{ part }}' end {%- endfor %}]) as part
    from ({{ received }})
    where {{ key | join(' is not null and ') }} is not null
    group by {{ key | join(', ') }}
) as event
join (
    select
        date_trunc('month', _period_start)::date as event_month,
        date_trunc('month', min(_received_at))::date as first_month
    from ({{ received }})
    group by all
) as file on file.event_month = date_trunc('month', event.happened_on)
where event.part is not null
group by all
{{ 'UNION ALL' if not loop.last }}
{%- endfor %}
