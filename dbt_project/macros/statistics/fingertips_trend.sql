{#
  Recent trend of an annual or pooled indicator, as OHID's Fingertips judges it. Returns a relation.

  fingertips_trend(relation, series=['indicator_id', 'area_code'], date='period_start', value='value',
                   lower='ci95_lower', upper='ci95_upper', points=5)
    relation: one row per series and period, with 95 % limits. The last `points` periods with a value are used,
      numbered 1, 2, ... in order (a gap between periods is not stretched).
    result: one row per series: series columns, last_date, points_used, slope (units per period), slope_se,
      chi_square, trend: 'increasing', 'decreasing', 'no_significant_change' or 'cannot_be_calculated'.

  Weights w = 1/SE^2, SE = (upper - lower)/3.92. Weighted least squares slope, chi-square = (slope / SE of slope)^2.
  A trend is claimed when chi-square is above 9.5495 (z^2 at 99.8 %) and the slope keeps its sign whichever single
  period is left out, so that no one period makes the trend.
  Source: Fingertips technical guidance, Recent trends; published source of its trend marker calculator.

  Edge cases. Fewer periods than `points`, or a period whose limits coincide (SE 0): cannot be calculated.
  Overlapping pooled periods are not independent: pass non-overlapping ones.
#}
{% macro fingertips_trend(relation, series=[], date='period_start', value='value', lower='ci95_lower',
                          upper='ci95_upper', points=5) -%}
  with trend_points as (
    select {{ columns_prefix(series) }} {{ date }} as trend_date, ({{ value }})::double as y,
      {{ points }} + 1 - row_number() over ({{ partition_clause(series) }} order by {{ date }} desc) as x,
      case when {{ upper }} > {{ lower }} then power(3.92 / (({{ upper }})::double - ({{ lower }})), 2) end as w
    from {{ relation }}
    where {{ value }} is not null and {{ lower }} is not null and {{ upper }} is not null
    qualify x >= 1
  ), trend_sums as (
    select *, sum(w) over everyone as s, sum(w * x) over everyone as sx, sum(w * y) over everyone as sy,
      sum(w * x * x) over everyone as sxx, sum(w * x * y) over everyone as sxy
    from trend_points window everyone as ({{ partition_clause(series) }})
  ), trend_slopes as (
    select *, {{ weighted_slope('s', 'sx', 'sy', 'sxx', 'sxy') }} as slope,
      sqrt(s / (s * sxx - sx * sx)) as slope_se,
      {{ weighted_slope('(s - w)', '(sx - w * x)', '(sy - w * y)', '(sxx - w * x * x)', '(sxy - w * x * y)') }}
        as slope_without
    from trend_sums
  )
  select {{ columns_prefix(series) }} max(trend_date) as last_date, count(*) as points_used,
    case when {{ trend_is_defined(points) }} then any_value(slope) end as slope,
    case when {{ trend_is_defined(points) }} then any_value(slope_se) end as slope_se,
    case when {{ trend_is_defined(points) }} then any_value(power(slope / slope_se, 2)) end as chi_square,
    case when not {{ trend_is_defined(points) }} then 'cannot_be_calculated'
         when any_value(power(slope / slope_se, 2)) <= power({{ z_value(0.998) }}, 2)
           or not bool_and(sign(slope_without) = sign(slope)) then 'no_significant_change'
         when any_value(slope) > 0 then 'increasing' else 'decreasing' end as trend
  from trend_slopes {% if series %} group by {{ series | join(', ') }} {%- endif %}
{%- endmacro %}

{% macro trend_is_defined(points) -%}
  (count(*) = {{ points }} and count(w) = {{ points }})
{%- endmacro %}

{% macro weighted_slope(s, sx, sy, sxx, sxy) -%}
  ({{ s }} * {{ sxy }} - {{ sx }} * {{ sy }}) / nullif({{ s }} * {{ sxx }} - {{ sx }} * {{ sx }}, 0)
{%- endmacro %}
