{#
  Proportion with Wilson score limits (no continuity correction), times `multiplier` (1, or 100 for per cent).

  value = x/n; limits = (2x + z^2 -/+ z sqrt(z^2 + 4x(1 - x/n))) / (2(n + z^2)).
  Source: Wilson (1927); Newcombe, Statistics in Medicine 17 (1998) 857-872, method 3; phe_proportion.

  Edge cases. x = 0: lower limit 0 (up to 1e-17 of rounding); x = n: upper limit 1.
  confidence 1 (or 100): limits 0 and `multiplier`, the limit of the formula for z towards infinity.
  NULL in either: NULL. x < 0, x > n or n <= 0: NULL, and proportion_problem says why. Scalar expressions.
#}
{% macro proportion_value(numerator, denominator, multiplier=1) -%}
  ({{ where_proportion(numerator, denominator,
      '(' ~ numerator ~ ')::double / (' ~ denominator ~ ')::DOUBLE') }} * {{ multiplier }})
{%- endmacro %}

{% macro wilson_lower(numerator, denominator, confidence=0.95, multiplier=1) -%}
  ({{ wilson_limit(numerator, denominator, confidence, '-', 0) }} * {{ multiplier }})
{%- endmacro %}

{% macro wilson_upper(numerator, denominator, confidence=0.95, multiplier=1) -%}
  ({{ wilson_limit(numerator, denominator, confidence, '+', 1) }} * {{ multiplier }})
{%- endmacro %}

{% macro wilson_limit(numerator, denominator, confidence, sign, bound) -%}
  {%- if confidence in (1, 100) -%} {%- set limit = bound ~ '::DOUBLE' -%}
  {%- else -%}
    {%- set z = z_value(confidence) -%}
    {%- set x = '(' ~ numerator ~ ')::DOUBLE' -%} {%- set n = '(' ~ denominator ~ ')::DOUBLE' -%}
    {%- set limit -%}
      (2 * {{ x }} + power({{ z }}, 2)
        {{ sign }} {{ z }} * sqrt(power({{ z }}, 2) + 4 * {{ x }} * (1 - {{ x }} / {{ n }})))
      / (2 * ({{ n }} + power({{ z }}, 2)))
    {%- endset -%}
  {%- endif -%}
  {{ where_proportion(numerator, denominator, limit) }}
{%- endmacro %}

{% macro where_proportion(numerator, denominator, expression) -%}
  (case when ({{ numerator }}) >= 0 and ({{ denominator }}) > 0 and ({{ numerator }}) <= ({{ denominator }})
    then {{ expression }} end)
{%- endmacro %}

{% macro proportion_problem(numerator, denominator) -%}
  case when ({{ numerator }}) < 0 then 'the numerator is negative'
       when ({{ denominator }}) <= 0 then 'the denominator is not above zero'
       when ({{ numerator }}) > ({{ denominator }}) then 'the numerator is above the denominator' end
{%- endmacro %}
