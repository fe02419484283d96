{#
  Confidence limits of a Poisson count x >= 0 (x need not be whole). Unit: events.

  byar_lower     x (1 - 1/(9x) - z/(3 sqrt x))^3            NULL where the bracket is negative, and at x = 0
  byar_upper     (x+1) (1 - 1/(9(x+1)) + z/(3 sqrt(x+1)))^3
                 Breslow and Day, Statistical Methods in Cancer Research vol. II (1987), Byar's approximation.
  poisson_exact_lower   mean at which P(X >= x) is the tail area: chi2(tail, 2x)/2; 0 at x = 0
  poisson_exact_upper   mean at which P(X <= x) is the tail area: chi2(1 - tail, 2x + 2)/2
                 Garwood (1936), through the gamma quantile, so fractional counts are exact too.
  poisson_limit_lower/upper   what OHID publishes: exact below 10 events, Byar's from 10.

  A negative or NULL count gives NULL. `count` is any scalar or aggregate expression.

  The exact limits have no closed form. They are the root m of the regularised incomplete gamma function,
      P(a, m) = m^a e^-m / Gamma(a+1) * (1 + m/(a+1) (1 + m/(a+2) (1 + ...))),
  found by Newton's method on ln P over ln m (lower, a = x) or ln(1 - P) over m (upper, a = x + 1). Both are
  concave, so the steps converge; five from the Wilson-Hilferty start leave a relative error under 1e-11 for
  counts up to 5,000. About 10 microseconds a row, for rows under 10 events only.
#}
{% macro byar_lower(count, confidence=0.95) -%}
  list_transform([({{ count }})::double], lambda x: case when x > 0
    and 1 - 1 / (9 * x) - {{ z_value(confidence) }} / (3 * sqrt(x)) >= 0
    then x * power(1 - 1 / (9 * x) - {{ z_value(confidence) }} / (3 * sqrt(x)), 3) end)[1]
{%- endmacro %}

{% macro byar_upper(count, confidence=0.95) -%}
  list_transform([({{ count }})::double + 1], lambda a: case when a >= 1
    then a * power(1 - 1 / (9 * a) + {{ z_value(confidence) }} / (3 * sqrt(a)), 3) end)[1]
{%- endmacro %}

{% macro poisson_exact_lower(count, confidence=0.95) -%}
  {%- set p = tail_area(confidence) -%}
  list_transform([({{ count }})::double], lambda a: case when a = 0 then 0.0::double when a > 0 then exp(
    list_reduce(range(5)::double[], lambda t, i: list_transform([{{ gamma_series('a', 'exp(t)') }}],
      lambda s: t + (ln({{ p }}::double) - a * t + exp(t) + lgamma(a + 1) - ln(s)) * s / a)[1],
    greatest((ln({{ p }}::double) + lgamma(a + 1)) / a, case when a >= 1
      then ln(a) + 3 * ln(greatest(1 - 1 / (9 * a) - {{ z_value(confidence) }} / (3 * sqrt(a)), 1e-9)) end)
    )) end)[1]
{%- endmacro %}

{% macro poisson_exact_upper(count, confidence=0.95) -%}
  {%- set p = tail_area(confidence) -%}
  list_transform([({{ count }})::double + 1], lambda a: case when a >= 1 then
    list_reduce(range(5)::double[], lambda m, i: list_transform([exp((a - 1) * ln(m) - m - lgamma(a))],
      lambda f: list_transform([1 - f * m / a * {{ gamma_series('a', 'm') }}],
        lambda q: m + (ln(q) - ln({{ p }}::double)) * q / f)[1])[1],
    a * power(1 - 1 / (9 * a) + {{ z_value(confidence) }} / (3 * sqrt(a)), 3)) end)[1]
{%- endmacro %}

{# The bracketed series of P(a, m); the number of terms grows with sqrt(a) until the rest is below 1e-17. #}
{% macro gamma_series(a, m) -%}
  list_reduce(
    range((25 + 14 * sqrt({{ a }} + 1) + greatest(0, 1.5 * ({{ m }} - {{ a }})))::bigint, 0, -1)::double[],
    lambda s, k: 1 + s * {{ m }} / ({{ a }} + k), 1.0::double)
{%- endmacro %}

{% macro poisson_limit_lower(count, confidence=0.95) -%}
  case when ({{ count }}) < 10 then {{ poisson_exact_lower(count, confidence) }}
       else {{ byar_lower(count, confidence) }} end
{%- endmacro %}

{% macro poisson_limit_upper(count, confidence=0.95) -%}
  case when ({{ count }}) < 10 then {{ poisson_exact_upper(count, confidence) }}
       else {{ byar_upper(count, confidence) }} end
{%- endmacro %}

{% macro poisson_limit_method(count) -%}
  case when ({{ count }}) < 10 then 'Exact' when ({{ count }}) >= 10 then 'Byars' end
{%- endmacro %}
