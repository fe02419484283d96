{#
  Mean with limits from Student's t distribution, in the unit of the values. Aggregate expressions over one row
  per observation.

  mean -/+ t(confidence, n - 1) * sd / sqrt(n); n = number of rows, sd with divisor n - 1.
  Source: Altman et al., Statistics with Confidence (2000) ch. 4; phe_mean.

  Edge cases. One missing value makes mean, sd and limits NULL. n = 1: the mean, without sd or limits.
  All values equal: limits equal the mean.
#}
{% macro mean_value(value) -%}
  ({{ strict_sum(value) }})::double / count(*)
{%- endmacro %}

{% macro mean_stdev(value) -%}
  case when count({{ value }}) = count(*) then stddev_samp(({{ value }})::double) end
{%- endmacro %}

{% macro mean_lower(value, confidence=0.95) -%}
  {{ mean_value(value) }} - {{ mean_half_width(value, confidence) }}
{%- endmacro %}

{% macro mean_upper(value, confidence=0.95) -%}
  {{ mean_value(value) }} + {{ mean_half_width(value, confidence) }}
{%- endmacro %}

{% macro mean_half_width(value, confidence) -%}
  {{ student_t_quantile('count(*) - 1', confidence) }} * ({{ mean_stdev(value) }}) / sqrt(count(*))
{%- endmacro %}
