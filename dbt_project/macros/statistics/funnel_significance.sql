{#
  Whether an area lies outside the limits of a funnel plot. Scalar expressions giving
  'Low (0.001)', 'Low (0.025)', 'High (0.001)', 'High (0.025)' or 'Not significant'; NULL without data.

  proportion: the area's fraction against the limits at its own population (funnel_limits.sql).
  ratio: 1 against the Poisson limits of the observed events over the expected ones.
  rate: the average (events per person) against the Poisson limits of the events over the population; a directly
    standardised rate of under 10 events is not judged.
  Source: assign_funnel_significance.
  Edge cases. numerator above denominator, negative, or denominator <= 0: NULL (see proportion_problem).
#}
{% macro funnel_significance_proportion(numerator, denominator, average) -%}
  {%- set fraction = '(' ~ numerator ~ ')::double / (' ~ denominator ~ ')' -%}
  {{ where_proportion(numerator, denominator, funnel_verdict([
    fraction ~ ' < ' ~ funnel_proportion_lower(average, denominator, 0.998),
    fraction ~ ' < ' ~ funnel_proportion_lower(average, denominator, 0.95),
    fraction ~ ' > ' ~ funnel_proportion_upper(average, denominator, 0.998),
    fraction ~ ' > ' ~ funnel_proportion_upper(average, denominator, 0.95)])) }}
{%- endmacro %}

{% macro funnel_significance_ratio(observed, expected, average=1) -%}
  case when ({{ observed }}) >= 0 and ({{ expected }}) > 0 and ({{ average }}) is not null then {{ funnel_verdict([
    average ~ ' > ' ~ smr_upper(observed, expected, 0.998), average ~ ' > ' ~ smr_upper(observed, expected, 0.95),
    average ~ ' < ' ~ smr_lower(observed, expected, 0.998), average ~ ' < ' ~ smr_lower(observed, expected, 0.95)
    ]) }} end
{%- endmacro %}

{% macro funnel_significance_rate(numerator, population, average, rate_type='dsr') -%}
  case when {{ 'false' if rate_type == 'crude' else '(' ~ numerator ~ ') < 10' }}
    then 'Not applicable for events less than 10 for dsrs'
    else {{ funnel_significance_ratio(numerator, population, average) }} end
{%- endmacro %}

{# The first of four conditions that holds: low at 99.8 and 95 %, high at 99.8 and 95 %. #}
{% macro funnel_verdict(conditions) -%}
  case when {{ conditions[0] }} then 'Low (0.001)' when {{ conditions[1] }} then 'Low (0.025)'
       when {{ conditions[2] }} then 'High (0.001)' when {{ conditions[3] }} then 'High (0.025)'
       else 'Not significant' end
{%- endmacro %}
