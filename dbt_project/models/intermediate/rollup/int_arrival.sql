-- Grain: one row per extract, part of its rows, month of the event, month in which rows of it first arrived and how many
-- months later their file was: how many rows did, over all accepted deliveries, whether a later one has replaced them or not, and when
-- the month's own file first came. Only months whose own file has come: of others only stragglers are here.
{% for extract, facts in contract_facts().items() if 'event_date' in facts %}
{%- set received = received_rows(extract) %}
{%- set key = facts['keys'][facts.main] %}
SELECT
    '{{ extract }}' AS extract,
    event.part,
    file.event_month,
    file.first_month,
    greatest(date_trunc('month', event.arrived_at)::DATE, file.first_month) AS arrived_month,
    greatest(date_diff('month', file.event_month, event.came_with), 0) AS file_later,
    count(*) AS row_count
FROM (
    SELECT
        min({{ facts.event_date }})::DATE AS happened_on,
        min(_received_at) AS arrived_at,
        -- Of two files that came at once, the earlier month's.
        arg_min(_period_start, (_received_at, _period_start)) AS came_with,
        unnest(['all' {%- for part, rows in arrival_parts(extract).items() %},
            CASE WHEN bool_or({{ rows }}) THEN '{{ part }}' END {%- endfor %}]) AS part
    FROM ({{ received }})
    WHERE {{ key | join(' IS NOT NULL AND ') }} IS NOT NULL
    GROUP BY {{ key | join(', ') }}
) AS event
JOIN (
    SELECT
        date_trunc('month', _period_start)::DATE AS event_month,
        date_trunc('month', min(_received_at))::DATE AS first_month
    FROM ({{ received }})
    GROUP BY ALL
) AS file ON file.event_month = date_trunc('month', event.happened_on)
WHERE event.part IS NOT NULL
GROUP BY ALL
{{ 'UNION ALL' if not loop.last }}
{%- endfor %}
