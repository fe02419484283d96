{#
  The deliveries of an extract of which rows count in the current view of its main table; without reading the rows
  where the contract replaces whole partitions.
#}
{% macro deliveries_in_use(extract) -%}
  {%- set facts = contract_facts(extract) -%}
  {%- if facts.mode == 'upsert' -%}
    select distinct _delivery_id as delivery_id from ({{ rows_as_sent(extract) }}) as rows
  {%- else -%}
    select distinct delivery_id from ({{ deliveries_that_count(extract, facts.main) }})
  {%- endif -%}
{%- endmacro %}
