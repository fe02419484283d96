{#
  Limits of the slope and relative index of inequality, without simulation. Used by slope_index.sql alone.

  transformed: with h = A + B/2 held, S = B -/+ z se: f^-1(h + S/2) and f^-1(h - S/2), their difference and ratio.

  untransformed: values Y_i = f^-1(N(f(v_i), s_i)) are independent, A = sum c0 Y, B = sum c1 Y. The limit of B is the
  quantile of sum c1 Y; that of the RII is the r for which B + (1 - r) A has its quantile at 0 (Fieller's argument;
  exact for normal values), found by the iteration r <- (A + B + spread(r))/A. Cumulants of Y come from the trapezoid
  rule over the normal density, step 1/2 to 8 standard deviations (error below 1e-14); those of the sum
  add; its quantile is their Cornish-Fisher expansion (Abramowitz and Stegun 26.2.49, to the fourth cumulant).
#}
{% macro sii_limits(fit, group_by, link, transform, confidences) -%}
  {%- if transform -%}
  select *, {{ sii_inverse(link, 'a0') }} as intercept,
    {{ sii_inverse(link, 'a0 + b0') }} - {{ sii_inverse(link, 'a0') }} as sii,
    {{ sii_inverse(link, 'a0 + b0') }} / {{ sii_inverse(link, 'a0') }} as rii
    {%- for c in confidences %}{% for end, sign in [('lower', '-'), ('upper', '+')] %}
    {%- set slope = '(b0 ' ~ sign ~ ' ' ~ z_value(c) ~ ' * se)' %}
    {%- set high = sii_inverse(link, 'a0 + b0 / 2 + ' ~ slope ~ ' / 2') %}
    {%- set low = sii_inverse(link, 'a0 + b0 / 2 - ' ~ slope ~ ' / 2') %},
    {{ high }} - {{ low }} as sii_{{ interval_suffix(c) }}_{{ end }},
    {{ high }} / {{ low }} as rii_{{ interval_suffix(c) }}_{{ end }}
    {%- endfor %}{% endfor %}
  from {{ fit }}
  {%- else -%}
  select *, a0 as intercept, b0 as sii, case when a0 > 0 then (a0 + b0) / a0 end as rii
    {%- for c in confidences %}{% for end, sign in [('lower', '-'), ('upper', '+')] %}
    {%- set z = '(' ~ sign ~ z_value(c) ~ ')' %},
    case when problem is null then b_mean + {{ sii_spread('terms', '1.0::DOUBLE', z) }} end
      as sii_{{ interval_suffix(c) }}_{{ end }},
    case when problem is null and a_mean > 0 then list_reduce(range(20)::double[],
      lambda r, i: (a_mean + b_mean + {{ sii_spread('terms', 'r', z) }}) / a_mean, (a_mean + b_mean) / a_mean)
      end as rii_{{ interval_suffix(c) }}_{{ end }}
    {%- endfor %}{% endfor %}
  from (select *, list_sum(list_transform(terms, lambda t: t.c0 * t.k.mean)) as a_mean,
    list_sum(list_transform(terms, lambda t: t.c1 * t.k.mean)) as b_mean from {{ fit }})
  {%- endif -%}
{%- endmacro %}

{# Distance from the mean of B + (1 - r) A to its quantile at the normal deviate z. #}
{% macro sii_spread(terms, r, z) -%}
  list_transform([{
    'k2': list_sum(list_transform({{ terms }}, lambda t: power(t.c1 + (1 - {{ r }}) * t.c0, 2) * t.k.k2)),
    'k3': list_sum(list_transform({{ terms }}, lambda t: power(t.c1 + (1 - {{ r }}) * t.c0, 3) * t.k.k3)),
    'k4': list_sum(list_transform({{ terms }}, lambda t: power(t.c1 + (1 - {{ r }}) * t.c0, 4) * t.k.k4))}],
    lambda s: case when s.k2 > 0 then sqrt(s.k2) * ({{ z }}
      + (power({{ z }}, 2) - 1) * s.k3 / power(s.k2, 1.5) / 6
      + (power({{ z }}, 3) - 3 * {{ z }}) * s.k4 / power(s.k2, 2) / 24
      - (2 * power({{ z }}, 3) - 5 * {{ z }}) * power(s.k3, 2) / power(s.k2, 3) / 36) else 0 end)[1]
{%- endmacro %}

{# Mean and second to fourth cumulant of f^-1(N(f(v), s)); a rate of 0 stays 0 in every draw. #}
{% macro sii_cumulants(link, v, s) -%}
  {%- if link == 'identity' -%}
  {'mean': {{ v }}, 'k2': power({{ s }}, 2), 'k3': 0.0::double, 'k4': 0.0::double}
  {%- else -%}
  case when {{ v }} = 0 {{ 'OR ' ~ v ~ ' = 1' if link == 'logit' }}
    then {'mean': {{ v }}, 'k2': 0.0::double, 'k3': 0.0::double, 'k4': 0.0::double}
  else list_transform([list_transform(range(-16, 17), lambda j: {'w': exp(-j * j / 8.0::double) / sqrt(8 * pi()),
      'y': {{ sii_inverse(link, sii_link(link, v) ~ ' + ' ~ s ~ ' * j / 2') }}})],
    lambda draws: list_transform([list_sum(list_transform(draws, lambda d: d.w * d.y))],
      lambda m: list_transform([{
        'k2': list_sum(list_transform(draws, lambda d: d.w * power(d.y - m, 2))),
        'k3': list_sum(list_transform(draws, lambda d: d.w * power(d.y - m, 3))),
        'k4': list_sum(list_transform(draws, lambda d: d.w * power(d.y - m, 4)))}],
        lambda c: {'mean': m, 'k2': c.k2, 'k3': c.k3, 'k4': c.k4 - 3 * power(c.k2, 2)})[1])[1])[1] end
  {%- endif -%}
{%- endmacro %}
