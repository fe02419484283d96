{#
  Growth between two counts of equal exposure, in per cent: (x1 / x0 - 1) * 100.

  Limits: given x1 + x0, x1 is binomial with p = r / (1 + r), r the ratio of the two Poisson means. Wilson's
  limits of p = x1 / (x1 + x0) are turned back by r = p / (1 - p). Source: Przyborowski and Wilenski,
  Biometrika 31 (1940) 313-323, for the conditioning; Wilson (1927) for the limits of p.

  Edge cases. x0 = 0 or NULL in either: NULL (growth from nothing has no value). x1 = 0: value -100.
#}
{% macro growth_value(current_count, previous_count) -%}
  case when ({{ previous_count }}) > 0 then (({{ current_count }})::double / ({{ previous_count }}) - 1) * 100 end
{%- endmacro %}

{% macro growth_limit(side, current_count, previous_count, confidence=0.95) -%}
  {%- set total = '(' ~ current_count ~ ') + (' ~ previous_count ~ ')' -%}
  {%- set p = (wilson_lower if side == 'lower' else wilson_upper)(current_count, total, confidence) -%}
  case when ({{ previous_count }}) > 0 then list_transform([{{ p }}], lambda p: (p / (1 - p) - 1) * 100)[1] end
{%- endmacro %}
