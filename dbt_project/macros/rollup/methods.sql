{#
  One value and its limits from a numerator and a denominator, by the method the registry names.

  method      column with proportion, crude_rate, smr, growth, count, ratio or total (dsr needs its age bands: see
              restricted/rst_standardised_rate.sql)
  multiplier  column: 100 for per cent and for SMR (England = 100), 1000, 100000 …
  The same two macros give the restricted value from exact counts and the published one from rounded counts.
#}
{% macro value_by_method(method, numerator, denominator, multiplier) -%}
  CASE {{ method }}
    WHEN 'proportion' THEN {{ proportion_value(numerator, denominator, multiplier) }}
    WHEN 'crude_rate' THEN {{ crude_rate_value(numerator, denominator, multiplier) }}
    WHEN 'smr' THEN {{ smr_value(numerator, denominator, multiplier) }}
    WHEN 'growth' THEN {{ growth_value(numerator, denominator) }}
    WHEN 'ratio' THEN ({{ numerator }})::DOUBLE / nullif(({{ denominator }})::DOUBLE, 0) * {{ multiplier }}
    WHEN 'count' THEN ({{ numerator }})::DOUBLE
    WHEN 'total' THEN ({{ numerator }})::DOUBLE END
{%- endmacro %}

{# side: 'lower' or 'upper'. A count has the limits of a Poisson count; a ratio or a total is nobody's sample and has none. #}
{% macro limit_by_method(side, confidence, method, numerator, denominator, multiplier) -%}
  {%- set lower = side == 'lower' -%}
  CASE {{ method }}
    WHEN 'proportion' THEN {{ (wilson_lower if lower else wilson_upper)(numerator, denominator, confidence, multiplier) }}
    WHEN 'crude_rate' THEN {{ (crude_rate_lower if lower else crude_rate_upper)(numerator, denominator, confidence, multiplier) }}
    WHEN 'smr' THEN {{ (smr_lower if lower else smr_upper)(numerator, denominator, confidence, multiplier) }}
    WHEN 'growth' THEN {{ growth_limit(side, numerator, denominator, confidence) }}
    WHEN 'count' THEN {{ (poisson_limit_lower if lower else poisson_limit_upper)(numerator, confidence) }} END
{%- endmacro %}

{#
  The four limit columns every value table carries. They stand beside a column `value` of the same query; dispersion:
  how much more the events scatter than independent ones.
#}
{% macro limit_columns(method, numerator, denominator, multiplier, dispersion) -%}
  {%- for confidence, name in [(0.95, 'ci95'), (0.998, 'ci998')] %}{% for side in ['lower', 'upper'] %}
    {{ widened(method, 'value', limit_by_method(side, confidence, method, numerator, denominator, multiplier), dispersion) }}::DOUBLE AS {{ name }}_{{ side }}
    {{- ',' if not (loop.last and name == 'ci998') }}{% endfor %}{% endfor %}
{%- endmacro %}
