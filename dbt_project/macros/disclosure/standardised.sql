{#
  A directly standardised rate as it may be published: the rate and limits that the rounded count would give.

  The exact rate alone gives little away, but its limits do: (upper - rate) / (rate - lower) is a function of the
  exact count (Byar). So the whole is moved to the rounded count r of the exact count x, the age pattern kept:
    rate_r  = rate * r / x
    limit_r = rate_r + (limit - rate) * (Byar(r) - r) / (Byar(x) - x)
  Dobson's scale sqrt(var / X) does not change when every band is multiplied by r / x, so this is exactly
  Dobson's interval of the rounded count. Rates are not calculated below 10 events, so r and x are above 0.
  Below 100 events Dobson's scale still leaves single ages to be worked out, however few digits are given; there the
  limits are those of the count, in the proportion of the rate: limit_r = rate_r * Byar(r) / r.
#}
{% macro standardised_value_shown(value, exact, rounded) -%}
  (({{ value }}) * ({{ rounded }}) / ({{ exact }}))
{%- endmacro %}

{% macro standardised_limit_shown(side, confidence, value, limit, exact, rounded) -%}
  {%- set byar = byar_lower if side == 'lower' else byar_upper -%}
  (case when ({{ rounded }}) < 100
    then {{ standardised_value_shown(value, exact, rounded) }} * {{ byar(rounded, confidence) }} / ({{ rounded }})
    else {{ standardised_value_shown(value, exact, rounded) }} + (({{ limit }}) - ({{ value }}))
    * ({{ byar(rounded, confidence) }} - ({{ rounded }})) / ({{ byar(exact, confidence) }} - ({{ exact }})) end)
{%- endmacro %}
