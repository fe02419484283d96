{#
  Quantile of Student's t distribution: the t beyond which half of 1 - confidence lies, for `df` > 0 degrees
  of freedom (a column or expression, whole or not). NULL for df <= 0 or NULL.

  The tail area has no closed inverse. It is the regularised incomplete beta function, summed as
  its hypergeometric series in whichever of nu/(nu+t^2) and t^2/(nu+t^2) is at most 1/2 (Abramowitz and Stegun
  26.5.4 and 26.7.1), and inverted by Newton's method on the logarithm of the tail over the logarithm of t, where
  it is nearly straight. Start, and the answer itself above 500 degrees of freedom: the Cornish-Fisher
  expansion (Abramowitz and Stegun 26.7.5). Relative error below 1e-11 for levels of 90 to 99.99 %.
#}
{% macro student_t_quantile(df, confidence=0.95) -%}
  {%- set tail = tail_area(confidence) -%}
  list_transform([({{ df }})::double], lambda v: case
    when v > 500 then {{ student_t_expansion('v', z_value(confidence)) }}
    when v > 0 then exp(list_reduce(range(10)::double[],
      lambda u, i: list_transform([{{ student_t_tail('v', 'exp(u)') }}], lambda q:
        u + (ln(q) - ln({{ tail }}::double)) * q / exp(u + {{ student_t_log_density('v', 'exp(u)') }}))[1],
      ln({{ student_t_expansion('v', z_value(confidence)) }}))) end)[1]
{%- endmacro %}

{% macro student_t_expansion(v, z) -%}
  list_transform([({{ z }})::double], lambda z: z + (power(z, 3) + z) / (4 * {{ v }})
    + (5 * power(z, 5) + 16 * power(z, 3) + 3 * z) / (96 * power({{ v }}, 2))
    + (3 * power(z, 7) + 19 * power(z, 5) + 17 * power(z, 3) - 15 * z) / (384 * power({{ v }}, 3))
    + (79 * power(z, 9) + 776 * power(z, 7) + 1482 * power(z, 5) - 1920 * power(z, 3) - 945 * z)
      / (92160 * power({{ v }}, 4)))[1]
{%- endmacro %}

{% macro student_t_log_density(v, t) -%}
  lgamma(({{ v }} + 1) / 2) - lgamma({{ v }} / 2) - ln({{ v }} * pi()) / 2
    - ({{ v }} + 1) / 2 * ln(1 + power({{ t }}, 2) / {{ v }})
{%- endmacro %}

{# P(T > t) for t > 0: t times the density times a series, directly or through the area of the middle. #}
{% macro student_t_tail(v, t) -%}
  list_transform([{{ v }} / ({{ v }} + power({{ t }}, 2))], lambda w:
    list_transform([{{ t }} * exp({{ student_t_log_density(v, t) }})], lambda h: case
      when w <= 0.5 then h / {{ v }} * {{ beta_series('w', '(' ~ v ~ ' / 2)', 0.5) }}
      else 0.5 - h * {{ beta_series('(1 - w)', 0.5, '(' ~ v ~ ' / 2)') }} end)[1])[1]
{%- endmacro %}

{# 1 + (a+b)/(a+1) w (1 + (a+b+1)/(a+2) w (1 + ...)), 200 terms. #}
{% macro beta_series(w, a, b) -%}
  list_reduce(range(200, 0, -1)::double[],
    lambda s, k: 1 + s * {{ w }} * ({{ a }} + {{ b }} + k - 1) / ({{ a }} + k), 1.0::double)
{%- endmacro %}
