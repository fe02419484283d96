{# First day of the year that holds a day, for years that start in a given month. #}
{% macro year_start(day, month) -%}
  (date_trunc('year', {{ day }} - interval {{ month - 1 }} month) + interval {{ month - 1 }} month)::date
{%- endmacro %}
