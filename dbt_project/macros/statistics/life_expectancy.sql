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
  WITH life_bands AS ({{ life_table_bands(relation, group_by, age, population, deaths) }}),
  life_survivors AS ({{ life_table_survivors('life_bands', group_by) }}),
  life_years AS ({{ life_table_years('life_survivors', group_by) }}),
  life_errors AS ({{ life_table_errors('life_years', group_by) }})
  SELECT {{ columns_prefix(group_by) }} age_start,
    CASE WHEN {{ z_value(0.95) }} * se <= 10 THEN e END AS value
    {%- for c in confidences %},
    e - {{ z_value(c) }} * se AS ci{{ interval_suffix(c) }}_lower,
    e + {{ z_value(c) }} * se AS ci{{ interval_suffix(c) }}_upper
    {%- endfor %},
    population_used, deaths_used,
    CASE WHEN problem IS NOT NULL THEN problem
         WHEN e IS NULL THEN 'nobody survives to this age'
         WHEN {{ z_value(0.95) }} * se > 10 THEN 'the 95 % interval is wider than 20 years' END AS problem
  FROM life_errors
{%- endmacro %}

{# Band widths n, the share a of the band lived by those who die in it, and what forbids a life table. #}
{% macro life_table_bands(relation, group_by, age, population, deaths) -%}
  SELECT *, d / p AS m, CASE WHEN age_start = 0 THEN 0.1 ELSE 0.5 END::DOUBLE AS a,
    CASE WHEN bool_or(p IS NULL OR d IS NULL) OVER everybody THEN 'a population or a death count is missing'
         WHEN bool_or(d < 0) OVER everybody THEN 'a death count is negative'
         WHEN bool_or(p <= 0) OVER everybody THEN 'a population is not above zero'
         WHEN count(*) OVER everybody <> 20 OR NOT bool_and(age_start = standard_age) OVER everybody
           THEN 'the age bands are not 0, 1-4, 5-9, ..., 85-89, 90+'
         WHEN bool_or(d > p) OVER everybody THEN 'more deaths than people in an age band'
         WHEN sum(p) OVER everybody <= 5000 THEN 'the population is 5,000 or less'
         WHEN bool_or(age_start = 90 AND d = 0) OVER everybody THEN 'nobody died at 90 and over' END AS problem
  FROM (
    SELECT {{ columns_prefix(group_by) }} ({{ age }})::INTEGER AS age_start,
      ({{ population }})::DOUBLE AS p, ({{ deaths }})::DOUBLE AS d,
      lead({{ age }}) OVER ages - {{ age }} AS n,
      CASE row_number() OVER ages WHEN 1 THEN 0 WHEN 2 THEN 1 ELSE 5 * (row_number() OVER ages - 2) END
        AS standard_age,
      sum({{ population }}) OVER (ages ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS population_used,
      sum({{ deaths }}) OVER (ages ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS deaths_used
    FROM {{ relation }} WINDOW ages AS ({{ partition_clause(group_by) }} ORDER BY {{ age }})
  ) WINDOW everybody AS ({{ partition_clause(group_by) }})
{%- endmacro %}

{# Probability q of dying in the band, survivors l to its start; nothing for a group with a problem. #}
{% macro life_table_survivors(bands, group_by) -%}
  SELECT *, 100000 * coalesce(product(1 - q) OVER ({{ partition_clause(group_by) }} ORDER BY age_start
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), CASE WHEN age_start = 0 AND problem IS NULL THEN 1 END) AS l
  FROM (SELECT *, CASE WHEN problem IS NULL THEN CASE
    WHEN age_start = 90 OR d > p / (n * a) THEN 1 ELSE m * n / (1 + m * n * (1 - a)) END END AS q FROM {{ bands }})
{%- endmacro %}

{# Expectation of life e at the start of the band, 0 where nobody is left. #}
{% macro life_table_years(survivors, group_by) -%}
  SELECT *, CASE WHEN l = 0 THEN 0 ELSE
      sum(CASE WHEN age_start = 90 THEN l / m ELSE n * (l * (1 - q) + a * l * q) END)
      OVER ({{ partition_clause(group_by) }} ORDER BY age_start ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
      / l END AS e
  FROM {{ survivors }}
{%- endmacro %}

{% macro life_table_errors(years, group_by) -%}
  {%- set later = partition_clause(group_by) ~ ' ORDER BY age_start' -%}
  SELECT * REPLACE (CASE WHEN l > 0 THEN e END AS e),
    CASE WHEN l > 0 THEN sqrt(sum(w) OVER ({{ later }} ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) / l END AS se
  FROM (SELECT *, CASE WHEN age_start = 90 THEN l * l / (d * m * m) WHEN d = 0 OR l = 0 THEN 0
      ELSE q * q * (1 - q) / d * l * l * power((1 - a) * n + lead(e) OVER ({{ later }}), 2) END AS w FROM {{ years }})
{%- endmacro %}
