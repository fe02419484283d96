{#
  One value and its limits from a numerator and a denominator, by the method the registry names.

  method      column with proportion, crude_rate, smr, growth, count, ratio or total (dsr needs its age bands: see
              restricted/rst_standardised_rate.sql)
  multiplier  column: 100 for per cent and for SMR (England = 100), 1000, 100000 …
  The same two macros give the restricted value from exact counts and the published one from rounded counts.
#}
{% macro value_by_method(method, numerator, denominator, multiplier) -%}
  case {{ method }}
    when 'proportion' then {{ proportion_value(numerator, denominator, multiplier) }}
    when 'crude_rate' then {{ crude_rate_value(numerator, denominator, multiplier) }}
    when 'smr' then {{ smr_value(numerator, denominator, multiplier) }}
    when 'growth' then {{ growth_value(numerator, denominator) }}
    when 'ratio' then ({{ numerator }})::double / nullif(({{ denominator }})::double, 0) * {{ multiplier }}
    when 'count' then ({{ numerator }})::double
    when 'total' then ({{ numerator }})::double end
{%- endmacro %}

{# side: 'lower' or 'upper'. A count has the limits of a Poisson count; a ratio or a total is nobody's sample and has none. #}
{% macro limit_by_method(side, confidence, method, numerator, denominator, multiplier) -%}
  {%- set lower = side == 'lower' -%}
  case {{ method }}
    when 'proportion' then {{ (wilson_lower if lower else wilson_upper)(numerator, denominator, confidence, multiplier) }}
    when 'crude_rate' then {{ (crude_rate_lower if lower else crude_rate_upper)(numerator, denominator, confidence, multiplier) }}
    when 'smr' then {{ (smr_lower if lower else smr_upper)(numerator, denominator, confidence, multiplier) }}
    when 'growth' then {{ growth_limit(side, numerator, denominator, confidence) }}
    when 'count' then {{ (poisson_limit_lower if lower else poisson_limit_upper)(numerator, confidence) }} end
{%- endmacro %}

{#
  The four limit columns every value table carries. They stand beside a column `value` of the same query; dispersion:
  how much more the events scatter than independent ones.
#}
{% macro limit_columns(method, numerator, denominator, multiplier, dispersion) -%}
  {%- for confidence, name in [(0.95, 'ci95'), (0.998, 'ci998')] %}{% for side in ['lower', 'upper'] %}
    {{ widened(method, 'value', limit_by_method(side, confidence, method, numerator, denominator, multiplier), dispersion) }}::double as {{ name }}_{{ side }}
    {{- ',' if not (loop.last and name == 'ci998') }}{% endfor %}{% endfor %}
{%- endmacro %}
