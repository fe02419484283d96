{# How far back a period is compared: a year (same season), or the whole length of pooled years. #}
{% macro months_between_comparisons(period_type) -%}
  (case {{ period_type }} when 'pooled_3y' then 36 when 'pooled_5y' then 60 else 12 end)
{%- endmacro %}
