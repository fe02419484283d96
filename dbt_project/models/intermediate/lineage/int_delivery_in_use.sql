-- Grain: extract × delivery of which rows count: the others were replaced by later ones, by their contract's rule.
with used as (
    {% for extract in contract_facts() %}
    select '{{ extract }}' as extract, delivery_id from ({{ deliveries_in_use(extract) }})
    {{ 'UNION ALL' if not loop.last }}
    {% endfor %}
)

select extract, delivery_id::varchar as delivery_id
from used
