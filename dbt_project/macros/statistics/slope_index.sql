{#
  Slope (SII) and relative (RII) index of inequality over deprivation quantiles. Returns a relation.

  slope_index(relation, group_by=['indicator_id'], quantile='quantile', population='population', value='value',
              lower='ci95_lower', upper='ci95_upper', se=none, value_type='rate', transform=false, multiplier=1,
              confidences=[0.95, 0.998])
    relation: one row per group and quantile, quantile a number, 1 = most deprived. value with 95 % limits, or its
      standard error. value_type: 'mean' (life expectancy ...), 'rate' or 'proportion' (fractions, 0..1).
    result: one row per group: quantiles, sii, rii, intercept, sii_ci95_lower ..., rii_ci998_upper, problem.
      sii in units of value * multiplier; a negative multiplier turns the sign so that inequality is positive.

  b = midpoint of each quantile on the cumulative population share, a = its share: least squares of y on b
  weighted by a gives A + B b.
    transform=false: y = value. SII = m B, RII = (A + B)/A, intercept A.
    transform=true (rate: log, proportion: logit): y = f(value); y0, y1 = f^-1(A), f^-1(A + B);
      SII = m (y1 - y0), RII = y1/y0, intercept = |m| y0.                  m < 0 inverts the RII.
  Limits, as OHID's simulation gives them when each quantile's f(value) is normal, without simulating:
    transformed: B -/+ z se(B), turned round the middle A + B/2. Means: exact normal limits.
    untransformed rates and proportions, and every untransformed RII: quantiles of the linear combination
      B + (1 - r) A by a Cornish-Fisher expansion of its exact cumulants (slope_index_limits.sql).
  Source: Low and Low, J Public Health 26 (2004) 397-402; OHID SII tool and phe_sii (its simulated limits lie within
  their Monte Carlo error of these).

  Edge cases. NULL with a problem: fewer than 5 or more than 100 quantiles, a group that lacks a quantile others have or
  has one twice, population or value missing, population <= 0, no or negative standard error, proportions
  outside 0..1, a logarithm of 0. Limits are always lower before upper.
#}
{% macro slope_index(relation, group_by=[], quantile='quantile', population='population', value='value',
                     lower='ci95_lower', upper='ci95_upper', se=none, value_type='rate', transform=false, multiplier=1,
                     confidences=[0.95, 0.998]) -%}
  {%- set link = {'mean': 'identity', 'rate': 'log', 'proportion': 'logit'}[value_type] -%}
  WITH sii_rows AS ({{ sii_rows(relation, group_by, quantile, population, value, lower, upper, se, link, transform) }}),
  sii_terms AS ({{ sii_terms('sii_rows', group_by, link, transform) }}),
  sii_fit AS ({{ sii_fit('sii_terms', group_by) }}),
  sii_limits AS ({{ sii_limits('sii_fit', group_by, link, transform, confidences) }})
  SELECT {{ columns_prefix(group_by) }} quantiles,
    {{ multiplier }} * sii AS sii, {{ 'rii' if multiplier > 0 else '1 / rii' }} AS rii,
    {{ multiplier | abs if transform else 1 }} * intercept AS intercept,
    {%- set ends = ['lower', 'upper'] if multiplier > 0 else ['upper', 'lower'] %}
    {%- for c in confidences %}{% set s = interval_suffix(c) %}
    {{ multiplier }} * sii_{{ s }}_{{ ends[0] }} AS sii_ci{{ s }}_lower,
    {{ multiplier }} * sii_{{ s }}_{{ ends[1] }} AS sii_ci{{ s }}_upper,
    {{ '' if multiplier > 0 else '1 / ' }}rii_{{ s }}_{{ ends[0] }} AS rii_ci{{ s }}_lower,
    {{ '' if multiplier > 0 else '1 / ' }}rii_{{ s }}_{{ ends[1] }} AS rii_ci{{ s }}_upper,
    {%- endfor %}
    problem
  FROM sii_limits
{%- endmacro %}

{# Population share a, midpoint b of the cumulative share, response y, standard error s on the scale of the link. #}
{% macro sii_rows(relation, group_by, quantile, population, value, lower, upper, se, link, transform) -%}
  SELECT *, {{ sii_link(link, 'v') if transform else 'v' }} AS y,
    p / sum(p) OVER everyone AS a, (sum(p) OVER in_order - p / 2) / sum(p) OVER everyone AS b,
    CASE WHEN bool_or(p IS NULL OR p <= 0) OVER everyone THEN 'a population is missing or not above zero'
         WHEN count(*) OVER everyone NOT BETWEEN 5 AND 100 THEN 'there are not 5 to 100 quantiles'
         WHEN bool_or(v IS NULL) OVER everyone THEN 'a value is missing'
         {%- if link == 'logit' %}
         WHEN bool_or(v < 0 OR v > 1) OVER everyone THEN 'a proportion is not between 0 and 1'{% endif %}
         WHEN bool_or(q <> position) OVER everyone OR count(*) OVER everyone <> max(q) OVER ()
           THEN 'quantiles are missing or doubled'
         WHEN bool_or(s IS NULL OR s < 0) OVER everyone THEN 'a standard error or limit is missing or impossible'
         {%- if transform %}
         WHEN bool_or({{ sii_link(link, 'v') }} IS NULL) OVER everyone THEN 'a value cannot be transformed'{% endif %}
    END AS problem
  FROM (
    SELECT {{ columns_prefix(group_by) }} ({{ quantile }})::INTEGER AS q, ({{ population }})::DOUBLE AS p,
      ({{ value }})::DOUBLE AS v,
      row_number() OVER ({{ partition_clause(group_by) }} ORDER BY ({{ quantile }})::INTEGER) AS position,
      {%- if se is not none %} ({{ se }})::DOUBLE
      {%- else %} ({{ sii_link(link, upper) }} - {{ sii_link(link, lower) }}) / (2 * {{ z_value(0.95) }})
      {%- endif %} AS s
    FROM {{ relation }}
  ) WINDOW everyone AS ({{ partition_clause(group_by) }}), in_order AS (everyone ORDER BY q)
{%- endmacro %}

{# Weights with which each quantile enters B (c1) and A (c0), and the cumulants of its value. #}
{% macro sii_terms(rows, group_by, link, transform) -%}
  SELECT *, a - b_mean * c1 AS c0,
    {{ 'NULL' if transform else sii_cumulants(link, 'v', 's') }} AS k
  FROM (SELECT *, a * (b - b_mean) / sum(a * power(b - b_mean, 2)) OVER everyone AS c1
    FROM (SELECT *, sum(a * b) OVER everyone AS b_mean FROM {{ rows }}
      WINDOW everyone AS ({{ partition_clause(group_by) }}))
    WINDOW everyone AS ({{ partition_clause(group_by) }}))
{%- endmacro %}

{% macro sii_fit(terms, group_by) -%}
  SELECT {{ columns_prefix(group_by) }} count(*) AS quantiles, any_value(problem) AS problem,
    CASE WHEN any_value(problem) IS NULL THEN sum(c0 * y) END AS a0,
    CASE WHEN any_value(problem) IS NULL THEN sum(c1 * y) END AS b0,
    sqrt(sum(power(c1 * s, 2))) AS se, list({'c0': c0, 'c1': c1, 'k': k}) AS terms
  FROM {{ terms }} {% if group_by %} GROUP BY {{ group_by | join(', ') }} {%- endif %}
{%- endmacro %}

{% macro sii_link(link, x) -%}
  {%- if link == 'identity' -%} ({{ x }})::DOUBLE
  {%- elif link == 'log' -%} CASE WHEN ({{ x }}) > 0 THEN ln(({{ x }})::DOUBLE) END
  {%- else -%} CASE WHEN ({{ x }}) > 0 AND ({{ x }}) < 1 THEN ln(({{ x }})::DOUBLE / (1 - ({{ x }}))) END {%- endif -%}
{%- endmacro %}

{% macro sii_inverse(link, x) -%}
  {%- if link == 'identity' -%} ({{ x }})
  {%- elif link == 'log' -%} exp({{ x }})
  {%- else -%} (1 / (1 + exp(-({{ x }})))) {%- endif -%}
{%- endmacro %}
