-- Grain: one row per delivery received: what arrived, when, and what became of its rows. A row of a partner's file is
-- mostly a person, so counts of rows pass the gate of hes2018: 1 to 7 are hidden, others to the nearest 5. Receipts to the
-- partner stay exact. Rounded parts tell a hidden one to within 4 at best.
{%- set counts = ['rows_in', 'accepted', 'quarantined', 'rejected', 'non_data'] %}
with delivery as (select * from {{ ref('int_delivery_received') }}),

reason as (
    select
        delivery_id, partner, file_name,
        string_agg(
            regexp_extract(told, '^[^ ]+') || case
                when {{ count_is_hidden('rows_told', "'hes2018'") }} then ' (few)'
                else ' (' || {{ count_rounded('rows_told', "'hes2018'") }}::bigint || ')' end, ', ' order by place) as told
    from (
        select *, regexp_extract(told, '[(]([0-9]+)[)]', 1)::bigint as rows_told
        from (
            select
                delivery_id, partner, file_name,
                unnest(string_split(top_reasons, ', ')) as told,
                generate_subscripts(string_split(top_reasons, ', '), 1) as place
            from delivery
            where top_reasons <> ''
        )
    )
    group by all
)

select
    delivery.delivery_id,
    delivery.partner,
    delivery.extract,
    case len(periods) when 0 then null when 1 then strftime(periods[1], '%Y-%m')
        else strftime(periods[1], '%Y-%m') || ' to ' || strftime(periods[-1], '%Y-%m') end as period,
    periods[1] as first_month,
    periods[-1] as last_month,
    delivery.received_at,
    delivery.file_name,
    delivery.sha256,
    {% for count in counts -%}
    {{ count_shown('delivery.' ~ count, "'hes2018'") }}::bigint as {{ count }},
    {% endfor -%}
    delivery.verdict,
    coalesce(reason.told, delivery.top_reasons) as top_reasons,
    delivery.state,
    delivery.state_since
from delivery
left join reason
    on reason.delivery_id = delivery.delivery_id and reason.partner = delivery.partner
    and reason.file_name = delivery.file_name
