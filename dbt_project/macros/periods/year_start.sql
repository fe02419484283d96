{# First day of the year that holds a day, for years that start in a given month. #}
{% macro year_start(day, month) -%}
  (date_trunc('year', {{ day }} - INTERVAL {{ month - 1 }} MONTH) + INTERVAL {{ month - 1 }} MONTH)::DATE
{%- endmacro %}
