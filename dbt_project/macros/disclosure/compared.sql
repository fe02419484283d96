{#
  better, similar or worse than a comparator's value: the 95 % interval lies wholly on one side of it.
  not_compared when either is missing. direction: 'up' (higher is better) or 'down'.
#}
{% macro compared(lower, upper, comparator, direction) -%}
  CASE WHEN ({{ lower }}) IS NULL OR ({{ upper }}) IS NULL OR ({{ comparator }}) IS NULL THEN 'not_compared'
       WHEN ({{ lower }}) > ({{ comparator }}) THEN CASE {{ direction }} WHEN 'up' THEN 'better' ELSE 'worse' END
       WHEN ({{ upper }}) < ({{ comparator }}) THEN CASE {{ direction }} WHEN 'up' THEN 'worse' ELSE 'better' END
       ELSE 'similar' END
{%- endmacro %}
