{# How much fewer, to the nearest tenth: no count can be worked out from it. #}
{% macro fall_share(share) -%}
  case when ({{ share }}) >= 0.95 then 'nearly all' else 'about ' || (10 * round(10 * ({{ share }})))::integer || '%' end
{%- endmacro %}
