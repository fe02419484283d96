{#
  How wide a 95 % interval is beside its value: half its width as a share of the value. Scalar, for confidence grades.
  Growth is measured against the count a year before (100 + value), because +1 % is not half as sure as +2 %.
  A value of 0 with an interval counts as 1: nobody counted says little about the risk. No interval: NULL.
#}
{% macro relative_width(method, value, lower, upper) -%}
  CASE WHEN ({{ upper }}) > ({{ lower }}) THEN coalesce(
    ({{ upper }} - {{ lower }}) / 2 / nullif(abs({{ value }}) + CASE {{ method }} WHEN 'growth'
      THEN 100 + {{ value }} - abs({{ value }}) ELSE 0 END, 0), 1) END
{%- endmacro %}
