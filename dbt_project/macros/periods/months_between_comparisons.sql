{# How far back a period is compared: a year (same season), or the whole length of pooled years. #}
{% macro months_between_comparisons(period_type) -%}
  (CASE {{ period_type }} WHEN 'pooled_3y' THEN 36 WHEN 'pooled_5y' THEN 60 ELSE 12 END)
{%- endmacro %}
