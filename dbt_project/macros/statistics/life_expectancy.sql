{#
  Life expectancy by abridged life table: Chiang II with Silcocks' variance. Returns a relation.

  life_expectancy(relation, group_by=['area_code'], age='age_start', population='population', deaths='deaths',
                  confidences=[0.95, 0.998])
    relation: one row per group and age band; age = first year of the band, exactly 0, 1, 5, 10, ..., 85, 90.
    result: one row per group and band: group_by columns, age_start, value, ci95_lower, ci95_upper, ci998_lower,
      ci998_upper (years), population_used, deaths_used (from that age up), problem (NULL where there is a value).

  Per band: M = D/P; q = Mn/(1 + Mn(1-a)), or 1 where D > P/(na); a = 0.1 in the first year of life, else 0.5;
  l from 100,000; L = n(l' + ad), at 90+ l/M; e = sum(L)/l.
  Variance: sum of q^2(1-q)/D l^2((1-a)n + e')^2, at 90+ l^2/(D M^2) (Silcocks, Jenner and Reza 2001), over l^2.
  Source: Chiang, The Life Table and its Applications (1984); ONS and OHID method; phe_life_expectancy.

  Edge cases. The whole group is NULL when a death count or population is missing (never read as certain death),
  deaths are negative or above population, a population is not above zero, the 20 bands are not all there, the
  total population is 5,000 or less, or nobody died at 90 and over. Value only: NULL where the 95 % interval
  is wider than 20 years, whichever confidences are asked for. NULL above an age that nobody reaches (q = 1).
  No deaths in a younger band is fine; fractional deaths are allowed.
#}
{% macro life_expectancy(relation, group_by=[], age='age_start', population='population', deaths='deaths',
                         confidences=[0.95, 0.998]) -%}
  with life_bands as ({{ life_table_bands(relation, group_by, age, population, deaths) }}),
  life_survivors as ({{ life_table_survivors('life_bands', group_by) }}),
  life_years as ({{ life_table_years('life_survivors', group_by) }}),
  life_errors as ({{ life_table_errors('life_years', group_by) }})
  select {{ columns_prefix(group_by) }} age_start,
    case when {{ z_value(0.95) }} * se <= 10 then e end as value
    {%- for c in confidences %},
    e - {{ z_value(c) }} * se as ci{{ interval_suffix(c) }}_lower,
    e + {{ z_value(c) }} * se as ci{{ interval_suffix(c) }}_upper
    {%- endfor %},
    population_used, deaths_used,
    case when problem is not null then problem
         when e is null then 'nobody survives to this age'
         when {{ z_value(0.95) }} * se > 10 then 'the 95 % interval is wider than 20 years' end as problem
  from life_errors
{%- endmacro %}

{# Band widths n, the share a of the band lived by those who die in it, and what forbids a life table. #}
{% macro life_table_bands(relation, group_by, age, population, deaths) -%}
  select *, d / p as m, case when age_start = 0 then 0.1 else 0.5 end::double as a,
    case when bool_or(p is null or d is null) over everybody then 'a population or a death count is missing'
         when bool_or(d < 0) over everybody then 'a death count is negative'
         when bool_or(p <= 0) over everybody then 'a population is not above zero'
         when count(*) over everybody <> 20 or not bool_and(age_start = standard_age) over everybody
           then 'the age bands are not 0, 1-4, 5-9, ..., 85-89, 90+'
         when bool_or(d > p) over everybody then 'more deaths than people in an age band'
         when sum(p) over everybody <= 5000 then 'the population is 5,000 or less'
         when bool_or(age_start = 90 and d = 0) over everybody then 'nobody died at 90 and over' end as problem
  from (
    select {{ columns_prefix(group_by) }} ({{ age }})::integer as age_start,
      ({{ population }})::double as p, ({{ deaths }})::double as d,
      lead({{ age }}) over ages - {{ age }} as n,
      case row_number() over ages when 1 then 0 when 2 then 1 else 5 * (row_number() over ages - 2) end
        as standard_age,
      sum({{ population }}) over (ages rows between current row and unbounded following) as population_used,
      sum({{ deaths }}) over (ages rows between current row and unbounded following) as deaths_used
    from {{ relation }} window ages as ({{ partition_clause(group_by) }} order by {{ age }})
  ) window everybody as ({{ partition_clause(group_by) }})
{%- endmacro %}

{# Probability q of dying in the band, survivors l to its start; nothing for a group with a problem. #}
{% macro life_table_survivors(bands, group_by) -%}
  select *, 100000 * coalesce(product(1 - q) over ({{ partition_clause(group_by) }} order by age_start
    rows between unbounded preceding and 1 preceding), case when age_start = 0 and problem is null then 1 end) as l
  from (select *, case when problem is null then case
    when age_start = 90 or d > p / (n * a) then 1 else m * n / (1 + m * n * (1 - a)) end end as q from {{ bands }})
{%- endmacro %}

{# Expectation of life e at the start of the band, 0 where nobody is left. #}
{% macro life_table_years(survivors, group_by) -%}
  select *, case when l = 0 then 0 else
      sum(case when age_start = 90 then l / m else n * (l * (1 - q) + a * l * q) end)
      over ({{ partition_clause(group_by) }} order by age_start rows between current row and unbounded following)
      / l end as e
  from {{ survivors }}
{%- endmacro %}

{% macro life_table_errors(years, group_by) -%}
  {%- set later = partition_clause(group_by) ~ ' order by age_start' -%}
  select * replace (case when l > 0 then e end as e),
    case when l > 0 then sqrt(sum(w) over ({{ later }} rows between current row and unbounded following)) / l end as se
  from (select *, case when age_start = 90 then l * l / (d * m * m) when d = 0 or l = 0 then 0
      else q * q * (1 - q) / d * l * l * power((1 - a) * n + lead(e) over ({{ later }}), 2) end as w from {{ years }})
{%- endmacro %}
