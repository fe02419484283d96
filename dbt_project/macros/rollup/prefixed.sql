{# Columns with the name of their relation in front: a.x, a.y. #}
{% macro prefixed(relation, columns) -%}
  {% for column in columns %}{{ relation }}.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}
