{#
  Where an area lies on a funnel plot of rates. Scalar expressions.

  A standardised rate has no population of its own: the plot uses the population that would give this number of
  events at this rate, `multiplier * numerator / rate`, divided by the years of data for the horizontal axis.
  funnel_denominator     population over all years; crude rates of 0 events keep the given population
  funnel_point_rate      the rate, or NULL where it may not be shown
  funnel_point_population  population of one year, the horizontal position
  rate_type: 'dsr' or 'crude'. Source: calculate_funnel_points.

  Edge cases. dsr: no events, no population (NULL); under 10 events both point columns are NULL.
#}
{% macro funnel_denominator(numerator, rate, rate_type='dsr', multiplier=100000, denominator='NULL') -%}
  case when ({{ numerator }}) > 0 then {{ multiplier }} * ({{ numerator }})::double / ({{ rate }})
    {%- if rate_type == 'crude' %} when ({{ numerator }}) = 0 then ({{ denominator }})::double {%- endif %} end
{%- endmacro %}

{% macro funnel_point_rate(numerator, rate, rate_type='dsr') -%}
  case when ({{ numerator }}) >= {{ 10 if rate_type == 'dsr' else 0 }} then {{ rate }} end
{%- endmacro %}

{% macro funnel_point_population(numerator, rate, rate_type='dsr', multiplier=100000, years=1, denominator='NULL') -%}
  case when ({{ numerator }}) >= {{ 10 if rate_type == 'dsr' else 0 }}
    then {{ funnel_denominator(numerator, rate, rate_type, multiplier, denominator) }} / {{ years }} end
{%- endmacro %}
