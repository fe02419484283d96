{#
  Small pieces of SQL text shared by the macros that return a relation. No statistics here.

  partition_clause   PARTITION BY over a list of columns; without any, the whole relation is one group
  columns_prefix     'a, b, ' for a list of columns, '' for none
  interval_suffix    0.95 -> '95', 0.998 -> '998', as in ci95_lower
#}
{% macro partition_clause(group_by) -%}
  partition by {{ group_by | join(', ') if group_by else '1' }}
{%- endmacro %}

{% macro columns_prefix(group_by) -%}
  {%- for column in group_by %}{{ column }}, {% endfor -%}
{%- endmacro %}

{% macro interval_suffix(confidence) -%}
  {{ ('%g' | format((confidence_fraction(confidence) | float) * 100)) | replace('.', '') }}
{%- endmacro %}
