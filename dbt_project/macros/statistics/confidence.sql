{#
  Confidence levels and the normal deviates they stand for.

  confidence   a fraction in [0.9, 1) or the same as a percentage in [90, 100); 0.95 and 0.998 are the
               levels public health publishes. Anything else stops the compilation with a message.
  z_value      two-sided normal deviate: Phi^-1(c + (1 - c)/2). The two published levels are declared here
               and nowhere else; any other level is computed by Wichura's algorithm AS 241 (PPND16, Applied
               Statistics 37, 1988), relative error about 1e-16. AS 241 has three ranges; two-sided levels of
               90 % and more never enter its central one.
  tail_area    probability beyond one limit, (1 - c)/2.
#}
{% macro confidence_fraction(confidence) -%}
  {%- set c = confidence / 100 if confidence >= 90 else confidence -%}
  {%- if c < 0.9 or c >= 1 -%}
    {{ exceptions.raise_compiler_error('confidence must lie in [0.9, 1) or [90, 100), got ' ~ confidence) }}
  {%- endif -%}
  {{ c }}
{%- endmacro %}

{% macro tail_area(confidence) -%}
  {{ (1 - confidence_fraction(confidence) | float) / 2 }}
{%- endmacro %}

{% macro z_value(confidence) -%}
  {%- set c = confidence_fraction(confidence) | float -%}
  {%- if c == 0.95 -%} 1.959963984540054
  {%- elif c == 0.998 -%} 3.090232306167813
  {%- else -%} {{ normal_upper_quantile(tail_area(confidence)) }}
  {%- endif -%}
{%- endmacro %}

{# The deviate beyond which `tail` (a number or an expression, 0 < tail < 0.07) of a normal curve lies. #}
{% macro normal_upper_quantile(tail) -%}
  list_transform([sqrt(-ln(({{ tail }})::double))], lambda r: case
    when r <= 5 then {{ rational('(r - 1.6)',
      [1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
       1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4],
      [1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
       1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9]) }}
    else {{ rational('(r - 5)',
      [6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
       2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
      [1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
       7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
       2.04426310338993978564e-15]) }} end)[1]
{%- endmacro %}

{# Ratio of two polynomials in `x`, coefficients in ascending powers, by Horner's rule. #}
{% macro rational(x, numerator, denominator) -%}
  ({{ polynomial(x, numerator) }}) / ({{ polynomial(x, denominator) }})
{%- endmacro %}

{% macro polynomial(x, coefficients) -%}
  {%- set rest = coefficients[1:] -%}
  ({{ coefficients[0] }})::double{% if rest %} + {{ x }} * ({{ polynomial(x, rest) }}){% endif %}
{%- endmacro %}
