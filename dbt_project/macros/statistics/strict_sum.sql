{#
  Sum that is NULL when any row is NULL: an unknown count makes the total unknown, where SQL's sum()
  would quietly leave it out. Used before rates, proportions and means. Aggregate expression.
#}
{% macro strict_sum(column) -%}
  CASE WHEN count({{ column }}) = count(*) THEN sum({{ column }}) END
{%- endmacro %}
