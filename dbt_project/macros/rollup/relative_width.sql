{#
  How wide a 95 % interval is beside its value: half its width as a share of the value. Scalar, for confidence grades.
  Growth is measured against the count a year before (100 + value), because +1 % is not half as sure as +2 %.
  A value of 0 with an interval counts as 1: nobody counted says little about the risk. No interval: NULL.
#}
{% macro relative_width(method, value, lower, upper) -%}
  case when ({{ upper }}) > ({{ lower }}) then coalesce(
    ({{ upper }} - {{ lower }}) / 2 / nullif(abs({{ value }}) + case {{ method }} when 'growth'
      then 100 + {{ value }} - abs({{ value }}) else 0 end, 0), 1) end
{%- endmacro %}
