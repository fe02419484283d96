{#
  Is the gap between deprived and well-off areas closing? A test of two periods, and the people it stands for.

  The gap. deprivation_gap(relation, group_by=['indicator_id', 'period_id'], deprivation='imd15_score',
                           observed='observed', expected='expected', multiplier=100, binomial='false')
    relation: one row per group and area (ward, LSOA, quintile): deprivation (higher = more deprived; equal scores share
      their place), observed events O, expected E: an SMR's expected number, person-years of a rate, people of
      a proportion (then binomial=true, or an SQL expression that is the same in the whole group).
    result: one row per group: areas, observed, expected, gap, gap_se, gap_lower, gap_upper (95 %), excess_events,
      problem.
  b = place of an area on the cumulative share of E, 0 = least, 1 = most deprived end; least squares of O/E on b
  weighted by E gives level + slope (b - 1/2):  slope = sum(c O/E), c = E (b - 1/2) / sum(E (b - 1/2)^2).
    gap = multiplier * slope: most deprived end minus least deprived end, the slope index of inequality of the areas.
    gap_se: Var(O) of a Poisson count is O itself, of a binomial one O (1 - O/E): sqrt(sum(c^2 Var(O) / E^2)).
    excess_events = slope * sum(E) / 2: events more (or fewer) than if everybody had the rate of the least deprived
      end. Exactly so: the fitted events add up to the observed, and the mean of b is 1/2.
  Source: Low and Low, J Public Health 26 (2004) 397-402, for the index; the variance is that of a linear combination
  of independent counts. Unlike the best-worst gap it uses every area, has no bias from picking extremes (the gap chance
  alone gives is zero), and copes with areas without events.

  The change. Scalar expressions of two such gaps, earlier and later, which share no event:
    gap_change_direction  +1 or -1: which way the gap points, by the sign of gap0/se0^2 + gap1/se1^2. Independent of
                          the difference of the two where gaps are normal: choosing it does not spoil the test.
    gap_change_value      direction * (gap1 - gap0): below 0 where the gap got smaller; gap_change_lower, _upper:
                          -/+ z sqrt(se0^2 + se1^2)
    gap_change_verdict    'closing'   the upper limit is below 0, there was a gap (its interval excludes 0), and it is
                                      smaller now, whichever way it points;
                          'widening'  the lower limit is above 0, there is a gap now, and it is larger;
                          else 'no_clear_change'. NULL where a gap is missing.
    gap_change_events     value or limit of the change as events of the later period: * expected / (2 multiplier).
                          -40 means: 40 fewer than if the gap had stayed what it was.
  Two-sided z-test of two independent estimates at `confidence`: with no true change either claim is made in at
  most half of 1 - confidence of cases.

  Limits. It asks about the gap along deprivation; whether wards differ for any reason is asked by heterogeneity.sql.
  The gap is absolute: when everybody's risk halves it halves. Ward by ward differences that stay the same in
  both periods cancel out; causes that come and go within a period (an epidemic in one ward) make it claim too much.
  A straight line is fitted; a curved gradient gives its average slope. Under about 5 events an area on average the
  standard error is rough. Numbers of one district are small: docs/statistics.md says what can be found.
  NULL with a problem: fewer than 5 areas, a number missing or impossible, no events, the same deprivation everywhere.
#}
{% macro deprivation_gap(relation, group_by=[], deprivation='imd15_score', observed='observed', expected='expected',
                         multiplier=100, binomial='false') -%}
  with gap_places as ({{ gap_places(relation, group_by, deprivation, observed, expected, multiplier, binomial) }}),
  gap_weights as (
    select *, e * (b - 0.5) / nullif(sum(e * power(b - 0.5, 2)) over ({{ partition_clause(group_by) }}), 0) as c
    from gap_places
  ), gap_slopes as (
    select {{ columns_prefix(group_by) }} count(*) as areas, sum(o) as observed, sum(e) as expected,
      {{ gap_problem() }} as problem,
      sum(c * o / e) as slope,
      sqrt(sum(power(c / e, 2) * o * case when is_binomial then 1 - o / e else 1 end)) as slope_se,
      any_value(m) as m
    from gap_weights {% if group_by %} group by {{ group_by | join(', ') }} {%- endif %}
  )
  select {{ columns_prefix(group_by) }} areas, observed, expected,
    case when problem is null then m * slope end as gap,
    case when problem is null then m * slope_se end as gap_se,
    gap - {{ z_value(0.95) }} * gap_se as gap_lower, gap + {{ z_value(0.95) }} * gap_se as gap_upper,
    gap / m * expected / 2 as excess_events, problem
  from gap_slopes
{%- endmacro %}

{# Where each area lies: the middle of all areas as deprived as it, on the cumulative share of what is expected. #}
{% macro gap_places(relation, group_by, deprivation, observed, expected, multiplier, binomial) -%}
  select *, (sum(e) over up_to - sum(e) over alike / 2) / sum(e) over everyone as b
  from (
    select {{ columns_prefix(group_by) }} ({{ deprivation }})::double as d, ({{ observed }})::double as o,
      ({{ expected }})::double as e, ({{ multiplier }})::double as m, ({{ binomial }})::boolean as is_binomial
    from {{ relation }}
  ) window everyone as ({{ partition_clause(group_by) }}),
    up_to as (everyone order by d range between unbounded preceding and current row),
    alike as (everyone order by d range between current row and current row)
{%- endmacro %}

{% macro gap_problem() -%}
  case when count(*) < 5 then 'there are fewer than 5 areas'
       when count(d) < count(*) then 'the deprivation of an area is missing'
       when count(o) < count(*) or count(e) < count(*) then 'an observed or expected number is missing'
       when min(o) < 0 then 'a count is negative'
       when min(e) <= 0 then 'an expected number is not above zero'
       when bool_or(is_binomial and o > e) then 'the numerator is above the denominator'
       when sum(o) = 0 then 'there are no events'
       when min(d) = max(d) then 'all areas are equally deprived' end
{%- endmacro %}

{% macro gap_change_direction(earlier_gap, earlier_se, gap, se) -%}
  (case when ({{ earlier_se }}) > 0 and ({{ se }}) > 0 then
    case when ({{ earlier_gap }}) / power({{ earlier_se }}, 2) + ({{ gap }}) / power({{ se }}, 2) < 0
      then -1 else 1 end end)
{%- endmacro %}

{% macro gap_change_value(earlier_gap, earlier_se, gap, se) -%}
  ({{ gap_change_direction(earlier_gap, earlier_se, gap, se) }} * (({{ gap }}) - ({{ earlier_gap }})))
{%- endmacro %}

{% macro gap_change_lower(earlier_gap, earlier_se, gap, se, confidence=0.95) -%}
  ({{ gap_change_value(earlier_gap, earlier_se, gap, se) }}
    - {{ z_value(confidence) }} * sqrt(power({{ earlier_se }}, 2) + power({{ se }}, 2)))
{%- endmacro %}

{% macro gap_change_upper(earlier_gap, earlier_se, gap, se, confidence=0.95) -%}
  ({{ gap_change_value(earlier_gap, earlier_se, gap, se) }}
    + {{ z_value(confidence) }} * sqrt(power({{ earlier_se }}, 2) + power({{ se }}, 2)))
{%- endmacro %}

{% macro gap_change_verdict(earlier_gap, earlier_se, gap, se, confidence=0.95) -%}
  {%- set direction = gap_change_direction(earlier_gap, earlier_se, gap, se) -%}
  case when {{ gap_change_upper(earlier_gap, earlier_se, gap, se, confidence) }} < 0
        and {{ direction }} * ({{ earlier_gap }}) > {{ z_value(confidence) }} * ({{ earlier_se }})
        and abs({{ gap }}) < abs({{ earlier_gap }}) then 'closing'
       when {{ gap_change_lower(earlier_gap, earlier_se, gap, se, confidence) }} > 0
        and {{ direction }} * ({{ gap }}) > {{ z_value(confidence) }} * ({{ se }})
        and abs({{ gap }}) > abs({{ earlier_gap }}) then 'widening'
       when {{ direction }} is not null then 'no_clear_change' end
{%- endmacro %}

{# A change of gap (its value or a limit) as events among the people of the later period. #}
{% macro gap_change_events(change, expected, multiplier=100) -%}
  (({{ change }}) * ({{ expected }})::double / (2 * ({{ multiplier }})))
{%- endmacro %}
