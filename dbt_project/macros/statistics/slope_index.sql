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
  with sii_rows as ({{ sii_rows(relation, group_by, quantile, population, value, lower, upper, se, link, transform) }}),
  sii_terms as ({{ sii_terms('sii_rows', group_by, link, transform) }}),
  sii_fit as ({{ sii_fit('sii_terms', group_by) }}),
  sii_limits as ({{ sii_limits('sii_fit', group_by, link, transform, confidences) }})
  select {{ columns_prefix(group_by) }} quantiles,
    {{ multiplier }} * sii as sii, {{ 'rii' if multiplier > 0 else '1 / rii' }} as rii,
    {{ multiplier | abs if transform else 1 }} * intercept as intercept,
    {%- set ends = ['lower', 'upper'] if multiplier > 0 else ['upper', 'lower'] %}
    {%- for c in confidences %}{% set s = interval_suffix(c) %}
    {{ multiplier }} * sii_{{ s }}_{{ ends[0] }} as sii_ci{{ s }}_lower,
    {{ multiplier }} * sii_{{ s }}_{{ ends[1] }} as sii_ci{{ s }}_upper,
    {{ '' if multiplier > 0 else '1 / ' }}rii_{{ s }}_{{ ends[0] }} as rii_ci{{ s }}_lower,
    {{ '' if multiplier > 0 else '1 / ' }}rii_{{ s }}_{{ ends[1] }} as rii_ci{{ s }}_upper,
    {%- endfor %}
    problem
  from sii_limits
{%- endmacro %}

{# Population share a, midpoint b of the cumulative share, response y, standard error s on the scale of the link. #}
{% macro sii_rows(relation, group_by, quantile, population, value, lower, upper, se, link, transform) -%}
  select *, {{ sii_link(link, 'v') if transform else 'v' }} as y,
    p / sum(p) over everyone as a, (sum(p) over in_order - p / 2) / sum(p) over everyone as b,
    case when bool_or(p is null or p <= 0) over everyone then 'a population is missing or not above zero'
         when count(*) over everyone not between 5 and 100 then 'there are not 5 to 100 quantiles'
         when bool_or(v is null) over everyone then 'a value is missing'
         {%- if link == 'logit' %}
         when bool_or(v < 0 or v > 1) over everyone then 'a proportion is not between 0 and 1'{% endif %}
         when bool_or(q <> position) over everyone or count(*) over everyone <> max(q) over ()
           then 'quantiles are missing or doubled'
         when bool_or(s is null or s < 0) over everyone then 'a standard error or limit is missing or impossible'
         {%- if transform %}
         when bool_or({{ sii_link(link, 'v') }} is null) over everyone then 'a value cannot be transformed'{% endif %}
    end as problem
  from (
    select {{ columns_prefix(group_by) }} ({{ quantile }})::integer as q, ({{ population }})::double as p,
      ({{ value }})::double as v,
      row_number() over ({{ partition_clause(group_by) }} order by ({{ quantile }})::integer) as position,
      {%- if se is not none %} ({{ se }})::double
      {%- else %} ({{ sii_link(link, upper) }} - {{ sii_link(link, lower) }}) / (2 * {{ z_value(0.95) }})
      {%- endif %} as s
    from {{ relation }}
  ) window everyone as ({{ partition_clause(group_by) }}), in_order as (everyone order by q)
{%- endmacro %}

{# Weights with which each quantile enters B (c1) and A (c0), and the cumulants of its value. #}
{% macro sii_terms(rows, group_by, link, transform) -%}
  select *, a - b_mean * c1 as c0,
    {{ 'NULL' if transform else sii_cumulants(link, 'v', 's') }} as k
  from (select *, a * (b - b_mean) / sum(a * power(b - b_mean, 2)) over everyone as c1
    from (select *, sum(a * b) over everyone as b_mean from {{ rows }}
      window everyone as ({{ partition_clause(group_by) }}))
    window everyone as ({{ partition_clause(group_by) }}))
{%- endmacro %}

{% macro sii_fit(terms, group_by) -%}
  select {{ columns_prefix(group_by) }} count(*) as quantiles, any_value(problem) as problem,
    case when any_value(problem) is null then sum(c0 * y) end as a0,
    case when any_value(problem) is null then sum(c1 * y) end as b0,
    sqrt(sum(power(c1 * s, 2))) as se, list({'c0': c0, 'c1': c1, 'k': k}) as terms
  from {{ terms }} {% if group_by %} group by {{ group_by | join(', ') }} {%- endif %}
{%- endmacro %}

{% macro sii_link(link, x) -%}
  {%- if link == 'identity' -%} ({{ x }})::double
  {%- elif link == 'log' -%} case when ({{ x }}) > 0 then ln(({{ x }})::double) end
  {%- else -%} case when ({{ x }}) > 0 and ({{ x }}) < 1 then ln(({{ x }})::double / (1 - ({{ x }}))) end {%- endif -%}
{%- endmacro %}

{% macro sii_inverse(link, x) -%}
  {%- if link == 'identity' -%} ({{ x }})
  {%- elif link == 'log' -%} exp({{ x }})
  {%- else -%} (1 / (1 + exp(-({{ x }})))) {%- endif -%}
{%- endmacro %}
