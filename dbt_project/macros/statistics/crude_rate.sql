{#
  Crude rate: events per `multiplier` of population (or of person-years).

  value = numerator / denominator * multiplier; limits = the Poisson limits of the numerator (exact below
  10 events, Byar's from 10: poisson_limits.sql), scaled the same way. Source: OHID technical guide, Confidence
  intervals; phe_rate of PHEindicatormethods.

  Edge cases. numerator = 0: value 0, lower limit 0. More events than people is allowed (repeat events).
  NULL in either: NULL. numerator < 0 or denominator <= 0: NULL, and crude_rate_problem says why.
  Counts are summed first (strict_sum), the limits are of the sum. All macros are scalar expressions.
#}
{% macro crude_rate_value(numerator, denominator, multiplier=100000) -%}
  {{ crude_rate_of(numerator, numerator, denominator, multiplier) }}
{%- endmacro %}

{% macro crude_rate_lower(numerator, denominator, confidence=0.95, multiplier=100000) -%}
  {{ crude_rate_of(poisson_limit_lower(numerator, confidence), numerator, denominator, multiplier) }}
{%- endmacro %}

{% macro crude_rate_upper(numerator, denominator, confidence=0.95, multiplier=100000) -%}
  {{ crude_rate_of(poisson_limit_upper(numerator, confidence), numerator, denominator, multiplier) }}
{%- endmacro %}

{# `events` of the numerator's kind (itself or one of its limits) as a rate, where the rate is defined. #}
{% macro crude_rate_of(events, numerator, denominator, multiplier) -%}
  case when ({{ numerator }}) >= 0 and ({{ denominator }}) > 0
    then ({{ events }})::double / ({{ denominator }})::double * {{ multiplier }} end
{%- endmacro %}

{% macro crude_rate_problem(numerator, denominator) -%}
  case when ({{ numerator }}) < 0 then 'the numerator is negative'
       when ({{ denominator }}) <= 0 then 'the denominator is not above zero' end
{%- endmacro %}
