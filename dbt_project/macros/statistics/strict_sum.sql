{#
  Sum that is NULL when any row is NULL: an unknown count makes the total unknown, where SQL's sum()
  would quietly leave it out. Used before rates, proportions and means. Aggregate expression.
#}
{% macro strict_sum(column) -%}
  case when count({{ column }}) = count(*) then sum({{ column }}) end
{%- endmacro %}
