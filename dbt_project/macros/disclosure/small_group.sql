{#
  Sensitive subjects: 0 % or 100 % of a small group tells something about each of its members. Below so many people a
  group is small; 50, as for shares that are flagged as `small_base`.
#}
{% macro small_group(denominator) -%}
  coalesce(({{ denominator }}) > 0 AND ({{ denominator }}) < 50, FALSE)
{%- endmacro %}
