{#
  The deliveries of an extract of which rows count in the current view of its main table; without reading the rows
  where the contract replaces whole partitions.
#}
{% macro deliveries_in_use(extract) -%}
  {%- set facts = contract_facts(extract) -%}
  {%- set relation = extract_source(extract) -%}
  {%- if facts.mode == 'upsert' -%}
    select distinct _delivery_id as delivery_id from ({{ rows_as_sent(extract) }}) as rows
  {%- else -%}
    select distinct delivery_id from ({{ newest_of_partition(relation, facts.by if facts.mode == 'period' else []) }})
    where delivery_id is not null
  {%- endif -%}
{%- endmacro %}
