{#
  better, similar or worse than a comparator's value: the 95 % interval lies wholly on one side of it.
  not_compared when either is missing. direction: 'up' (higher is better) or 'down'.
#}
{% macro compared(lower, upper, comparator, direction) -%}
  case when ({{ lower }}) is null or ({{ upper }}) is null or ({{ comparator }}) is null then 'not_compared'
       when ({{ lower }}) > ({{ comparator }}) then case {{ direction }} when 'up' then 'better' else 'worse' end
       when ({{ upper }}) < ({{ comparator }}) then case {{ direction }} when 'up' then 'worse' else 'better' end
       else 'similar' end
{%- endmacro %}
