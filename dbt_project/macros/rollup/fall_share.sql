{# How much fewer, to the nearest tenth: no count can be worked out from it. #}
{% macro fall_share(share) -%}
  CASE WHEN ({{ share }}) >= 0.95 THEN 'nearly all' ELSE 'about ' || (10 * round(10 * ({{ share }})))::INTEGER || '%' END
{%- endmacro %}
