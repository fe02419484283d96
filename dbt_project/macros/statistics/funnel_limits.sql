{#
  Control limits of a funnel plot around an average, at 95 % (2 sigma) and 99.8 % (3 sigma). Scalar expressions.

  Proportions (average and result as fractions, N = population of the area):
    A = av(N/z^2 + 1), B = 1/z^2 + 1/N, C = av(N(av(N/z^2 + 2) - 1) + z^2(av - 1)),
    limit = (A -/+ sqrt(A^2 - BC)) / B / N, kept within 0 and 1. The Wilson interval turned round.
  Ratios and rates (O events observed in the area):
    funnel_expected_*  the expected number at which O events would lie exactly on the limit:
                       lower limit chi2(1 - tail, 2O + 2)/2, upper limit chi2(tail, 2O)/2
    limit = O / expected as a ratio, O / expected * average as a rate.
  Source: Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202; OHID funnel plots;
  calculate_funnel_limits (which bisects the Poisson tail to about 5e-5; this is the closed product).

  Edge cases. O = 0 has no upper limit (NULL). Population <= 0 or NULL: NULL.
#}
{% macro funnel_proportion_lower(average, population, confidence=0.95) -%}
  greatest(0, {{ funnel_proportion_limit(average, population, confidence, '-') }})
{%- endmacro %}

{% macro funnel_proportion_upper(average, population, confidence=0.95) -%}
  least(1, {{ funnel_proportion_limit(average, population, confidence, '+') }})
{%- endmacro %}

{% macro funnel_proportion_limit(average, population, confidence, sign) -%}
  list_transform([{
      'v': ({{ average }})::double, 'n': ({{ population }})::double, 'z2': power({{ z_value(confidence) }}, 2)}],
    lambda g: case when g.n > 0 then list_transform([{
      'a': g.v * (g.n / g.z2 + 1), 'b': 1 / g.z2 + 1 / g.n,
      'c': g.v * (g.n * (g.v * (g.n / g.z2 + 2) - 1) + g.z2 * (g.v - 1))}],
      lambda k: (k.a {{ sign }} sqrt(greatest(k.a * k.a - k.b * k.c, 0))) / k.b / g.n)[1] end)[1]
{%- endmacro %}

{% macro funnel_expected_lower(observed, confidence=0.95) -%}
  {{ poisson_exact_upper(observed, confidence) }}
{%- endmacro %}

{% macro funnel_expected_upper(observed, confidence=0.95) -%}
  nullif({{ poisson_exact_lower(observed, confidence) }}, 0)
{%- endmacro %}
