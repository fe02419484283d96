-- Grain: extract × delivery of which rows count: the others were replaced by later ones, by their contract's rule.
WITH used AS (
    {% for extract in contract_facts() %}
    SELECT '{{ extract }}' AS extract, delivery_id FROM ({{ deliveries_in_use(extract) }})
    {{ 'UNION ALL' if not loop.last }}
    {% endfor %}
)

SELECT extract, delivery_id::VARCHAR AS delivery_id
FROM used
