{#
  The two pairs of curves of a funnel plot, as 100 points. Returns a relation.

  funnel_chart(relation, statistic, numerator, denominator, multiplier=100, years=1)
    relation: one row per area. statistic: 'proportion' (denominator = population), 'ratio' (numerator observed,
      denominator expected events) or 'rate' (denominator = funnel_denominator(...), population over all years).
    result: point 1..100, x (population; events for ratio and rate), average (fraction, 1, events per person),
      lower95, upper95, lower998, upper998 in `multiplier`s, and for ratio and rate the horizontal position of each
      limit: lower95_x ... (expected events; population of one year).

  Axis: from 0 (0.95 min rounded down to one significant figure when max <= 2 min) to 1.05 max rounded up to two;
  for rates per year, then times the average. Points start at max(1, axis minimum) and are spread evenly on
  a logarithmic scale, at least 1 apart. Source: calculate_funnel_limits.
#}
{% macro funnel_chart(relation, statistic, numerator, denominator, multiplier=100, years=1) -%}
  WITH RECURSIVE funnel_axis AS ({{ funnel_axis(relation, statistic, numerator, denominator, years) }}),
  funnel_x AS (
    SELECT 1 AS point, greatest(1, axis_min)::DOUBLE AS x, * FROM funnel_axis
    UNION ALL
    SELECT point + 1,
      greatest(x + 1,
        round_even(x * power(axis_max / x, 1.0 / ({{ 101 if statistic == 'ratio' else 100 }} - point)), 0)),
      * EXCLUDE (point, x) FROM funnel_x WHERE point < 100
  )
  {%- if statistic == 'proportion' %}
  SELECT point, x, average
    {%- for c in [0.95, 0.998] %},
    {{ funnel_proportion_lower('average', 'x', c) }} * {{ multiplier }} AS lower{{ interval_suffix(c) }},
    {{ funnel_proportion_upper('average', 'x', c) }} * {{ multiplier }} AS upper{{ interval_suffix(c) }}
    {%- endfor %}
  FROM funnel_x
  {%- else %}, funnel_expected AS MATERIALIZED (
    SELECT *
      {%- for c in [0.95, 0.998] %},
      {{ funnel_expected_lower('x', c) }} AS lower{{ interval_suffix(c) }}_e,
      {{ funnel_expected_upper('x', c) }} AS upper{{ interval_suffix(c) }}_e
      {%- endfor %}
    {#- sorted, because the recursion leaves blocks of one row, which are slow to compute on #}
    FROM (SELECT * FROM funnel_x ORDER BY point)
  )
  SELECT point, x, average
    {%- for limit in ['lower95', 'upper95', 'lower998', 'upper998'] %},
    x / {{ limit }}_e * average * {{ multiplier }} AS {{ limit }},
    {{ limit }}_e / average / {{ years }} AS {{ limit }}_x
    {%- endfor %}
  FROM funnel_expected
  {%- endif %}
{%- endmacro %}

{% macro funnel_axis(relation, statistic, numerator, denominator, years) -%}
  {%- set scale = years ~ ' * average' if statistic == 'rate' else 1 -%}
  {%- set years = years if statistic == 'rate' else 1 -%}
  SELECT average, CASE WHEN highest > 2 * lowest THEN 0
      ELSE floor({{ round_down('0.95 * lowest') }} * {{ scale }}) END AS axis_min,
    ceil({{ round_up('1.05 * highest') }} * {{ scale }}) AS axis_max
  FROM (SELECT min({{ denominator }}) / {{ years }} AS lowest, max({{ denominator }}) / {{ years }} AS highest,
    {{ 1 if statistic == 'ratio' else 'sum(' ~ numerator ~ ')::DOUBLE / sum(' ~ denominator ~ ')' }} AS average
    FROM {{ relation }})
{%- endmacro %}

{# Down to one significant figure, up to two. #}
{% macro round_down(x) -%}
  list_transform([{{ x }}], lambda v: list_transform([power(10, length(floor(v)::BIGINT::VARCHAR) - 1)],
    lambda u: floor(v / u) * u)[1])[1]
{%- endmacro %}

{% macro round_up(x) -%}
  list_transform([{{ x }}], lambda v: list_transform([power(10, length(ceil(v)::BIGINT::VARCHAR) - 2)],
    lambda u: ceil(v / u) * u)[1])[1]
{%- endmacro %}
