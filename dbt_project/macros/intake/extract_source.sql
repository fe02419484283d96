{# The dbt source of a table of an extract; by default of its main table. #}
{% macro extract_source(extract, table=none) -%}
  {%- set facts = contract_facts(extract) -%}
  {{ return(source(facts.partner, extract if table in (none, facts.main) else extract ~ '__' ~ table)) }}
{%- endmacro %}
