-- Grain: one row per delivery received: what arrived, when, and what became of its rows. A row of a partner's file is
-- mostly a person, so counts of rows pass the gate of hes2018: 1 to 7 are hidden, others to the nearest 5. Receipts to the
-- partner stay exact. Rounded parts tell a hidden one to within 4 at best.
{%- set counts = ['rows_in', 'accepted', 'quarantined', 'rejected', 'non_data'] %}
WITH delivery AS (SELECT * FROM {{ ref('int_delivery_received') }}),

reason AS (
    SELECT
        delivery_id, partner, file_name,
        string_agg(
            regexp_extract(told, '^[^ ]+') || CASE
                WHEN {{ count_is_hidden('rows_told', "'hes2018'") }} THEN ' (few)'
                ELSE ' (' || {{ count_rounded('rows_told', "'hes2018'") }}::BIGINT || ')' END, ', ' ORDER BY place) AS told
    FROM (
        SELECT *, regexp_extract(told, '[(]([0-9]+)[)]', 1)::BIGINT AS rows_told
        FROM (
            SELECT
                delivery_id, partner, file_name,
                unnest(string_split(top_reasons, ', ')) AS told,
                generate_subscripts(string_split(top_reasons, ', '), 1) AS place
            FROM delivery
            WHERE top_reasons <> ''
        )
    )
    GROUP BY ALL
)

SELECT
    delivery.delivery_id,
    delivery.partner,
    delivery.extract,
    CASE len(periods) WHEN 0 THEN NULL WHEN 1 THEN strftime(periods[1], '%Y-%m')
        ELSE strftime(periods[1], '%Y-%m') || ' to ' || strftime(periods[-1], '%Y-%m') END AS period,
    periods[1] AS first_month,
    periods[-1] AS last_month,
    delivery.received_at,
    delivery.file_name,
    delivery.sha256,
    {% for count in counts -%}
    {{ count_shown('delivery.' ~ count, "'hes2018'") }}::BIGINT AS {{ count }},
    {% endfor -%}
    delivery.verdict,
    coalesce(reason.told, delivery.top_reasons) AS top_reasons,
    delivery.state,
    delivery.state_since
FROM delivery
LEFT JOIN reason
    ON reason.delivery_id = delivery.delivery_id AND reason.partner = delivery.partner
    AND reason.file_name = delivery.file_name
