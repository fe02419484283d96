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
  with recursive funnel_axis as ({{ funnel_axis(relation, statistic, numerator, denominator, years) }}),
  funnel_x as (
    select 1 as point, greatest(1, axis_min)::double as x, * from funnel_axis
    union all
    select point + 1,
      greatest(x + 1,
        round_even(x * power(axis_max / x, 1.0 / ({{ 101 if statistic == 'ratio' else 100 }} - point)), 0)),
      * exclude (point, x) from funnel_x where point < 100
  )
  {%- if statistic == 'proportion' %}
  select point, x, average
    {%- for c in [0.95, 0.998] %},
    {{ funnel_proportion_lower('average', 'x', c) }} * {{ multiplier }} as lower{{ interval_suffix(c) }},
    {{ funnel_proportion_upper('average', 'x', c) }} * {{ multiplier }} as upper{{ interval_suffix(c) }}
    {%- endfor %}
  from funnel_x
  {%- else %}, funnel_expected as materialized (
    select *
      {%- for c in [0.95, 0.998] %},
      {{ funnel_expected_lower('x', c) }} as lower{{ interval_suffix(c) }}_e,
      {{ funnel_expected_upper('x', c) }} as upper{{ interval_suffix(c) }}_e
      {%- endfor %}
    {#- sorted, because the recursion leaves blocks of one row, which are slow to compute on #}
    from (select * from funnel_x order by point)
  )
  select point, x, average
    {%- for limit in ['lower95', 'upper95', 'lower998', 'upper998'] %},
    x / {{ limit }}_e * average * {{ multiplier }} as {{ limit }},
    {{ limit }}_e / average / {{ years }} as {{ limit }}_x
    {%- endfor %}
  from funnel_expected
  {%- endif %}
{%- endmacro %}

{% macro funnel_axis(relation, statistic, numerator, denominator, years) -%}
  {%- set scale = years ~ ' * average' if statistic == 'rate' else 1 -%}
  {%- set years = years if statistic == 'rate' else 1 -%}
  select average, case when highest > 2 * lowest then 0
      else floor({{ round_down('0.95 * lowest') }} * {{ scale }}) end as axis_min,
    ceil({{ round_up('1.05 * highest') }} * {{ scale }}) as axis_max
  from (select min({{ denominator }}) / {{ years }} as lowest, max({{ denominator }}) / {{ years }} as highest,
    {{ 1 if statistic == 'ratio' else 'sum(' ~ numerator ~ ')::double / sum(' ~ denominator ~ ')' }} as average
    from {{ relation }})
{%- endmacro %}

{# Down to one significant figure, up to two. #}
{% macro round_down(x) -%}
  list_transform([{{ x }}], lambda v: list_transform([power(10, length(floor(v)::bigint::varchar) - 1)],
    lambda u: floor(v / u) * u)[1])[1]
{%- endmacro %}

{% macro round_up(x) -%}
  list_transform([{{ x }}], lambda v: list_transform([power(10, length(ceil(v)::bigint::varchar) - 2)],
    lambda u: ceil(v / u) * u)[1])[1]
{%- endmacro %}
