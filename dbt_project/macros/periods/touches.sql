{# Whether a day of an annotation (starts_on, ends_on; no end while it goes on) lies between two days. #}
{% macro touches(annotation, first_day, last_day) -%}
  ({{ last_day }} >= {{ annotation }}.starts_on
    and ({{ annotation }}.ends_on is null or {{ first_day }} <= {{ annotation }}.ends_on))
{%- endmacro %}
