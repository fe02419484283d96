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
  WITH trend_points AS (
    SELECT {{ columns_prefix(series) }} {{ date }} AS trend_date, ({{ value }})::DOUBLE AS y,
      {{ points }} + 1 - row_number() OVER ({{ partition_clause(series) }} ORDER BY {{ date }} DESC) AS x,
      CASE WHEN {{ upper }} > {{ lower }} THEN power(3.92 / (({{ upper }})::DOUBLE - ({{ lower }})), 2) END AS w
    FROM {{ relation }}
    WHERE {{ value }} IS NOT NULL AND {{ lower }} IS NOT NULL AND {{ upper }} IS NOT NULL
    QUALIFY x >= 1
  ), trend_sums AS (
    SELECT *, sum(w) OVER everyone AS s, sum(w * x) OVER everyone AS sx, sum(w * y) OVER everyone AS sy,
      sum(w * x * x) OVER everyone AS sxx, sum(w * x * y) OVER everyone AS sxy
    FROM trend_points WINDOW everyone AS ({{ partition_clause(series) }})
  ), trend_slopes AS (
    SELECT *, {{ weighted_slope('s', 'sx', 'sy', 'sxx', 'sxy') }} AS slope,
      sqrt(s / (s * sxx - sx * sx)) AS slope_se,
      {{ weighted_slope('(s - w)', '(sx - w * x)', '(sy - w * y)', '(sxx - w * x * x)', '(sxy - w * x * y)') }}
        AS slope_without
    FROM trend_sums
  )
  SELECT {{ columns_prefix(series) }} max(trend_date) AS last_date, count(*) AS points_used,
    CASE WHEN {{ trend_is_defined(points) }} THEN any_value(slope) END AS slope,
    CASE WHEN {{ trend_is_defined(points) }} THEN any_value(slope_se) END AS slope_se,
    CASE WHEN {{ trend_is_defined(points) }} THEN any_value(power(slope / slope_se, 2)) END AS chi_square,
    CASE WHEN NOT {{ trend_is_defined(points) }} THEN 'cannot_be_calculated'
         WHEN any_value(power(slope / slope_se, 2)) <= power({{ z_value(0.998) }}, 2)
           OR NOT bool_and(sign(slope_without) = sign(slope)) THEN 'no_significant_change'
         WHEN any_value(slope) > 0 THEN 'increasing' ELSE 'decreasing' END AS trend
  FROM trend_slopes {% if series %} GROUP BY {{ series | join(', ') }} {%- endif %}
{%- endmacro %}

{% macro trend_is_defined(points) -%}
  (count(*) = {{ points }} AND count(w) = {{ points }})
{%- endmacro %}

{% macro weighted_slope(s, sx, sy, sxx, sxy) -%}
  ({{ s }} * {{ sxy }} - {{ sx }} * {{ sy }}) / nullif({{ s }} * {{ sxx }} - {{ sx }} * {{ sx }}, 0)
{%- endmacro %}
