{#
  Small rules of the control charts.

  chart_series     columns that name a series: indicator, area, month or quarter, and the segment between rebases
  possible_lower, possible_upper  what a value cannot be below or above; NULL where there is no such bound
  within_possible  a limit kept within these bounds
#}
{% macro chart_series() -%}
  {{ return(['indicator_id', 'area_code', 'period_type', 'segment']) }}
{%- endmacro %}

{% macro possible_lower(method, smallest) -%}
  CASE WHEN {{ method }} = 'growth' THEN -100 WHEN {{ smallest }} < 0 THEN NULL ELSE 0 END
{%- endmacro %}

{% macro within_possible(value) -%}
  least(greatest({{ value }}, lowest_possible), highest_possible)
{%- endmacro %}

{% macro possible_upper(method, unit) -%}
  CASE WHEN {{ method }} IN ('proportion', 'ratio') AND {{ unit }} = '%' THEN 100 END
{%- endmacro %}

{# Events so few that a count of them says little: fewer than two a period. Columns of rst_chart's `series`. #}
{% macro is_rare() -%}
  (method = 'count' AND aggregation = 'sum' AND mean < 2)
{%- endmacro %}

{# Why a series has no chart, in words; NULL where it has one. The first reason counts. Columns of rst_chart's `series`. #}
{% macro reason_against_chart() -%}
  CASE WHEN method = 'published' THEN 'published figures, too seldom for a chart'
    WHEN is_yearly THEN 'counted once a year'
    WHEN points < 13 THEN 'fewer than 13 points'
    WHEN {{ is_rare() }} THEN CASE WHEN periods_with_events = 0 THEN 'no events' END
    WHEN unchanged > 0.5 THEN 'the value stays the same in more than half of the periods'
    WHEN aggregation = 'last' AND autocorrelation > 1.645 / sqrt(points)
      THEN 'a register: each value mostly repeats the one before'
    WHEN autocorrelation > 0.6 AND autocorrelation_beside_shift > 0.4
      THEN 'each value follows the one before too closely' END
{%- endmacro %}

{# Why the chart of a series is the one it is, in words. #}
{% macro reason_for_chart(chart_type) -%}
  CASE {{ chart_type }} WHEN 'g' THEN 'fewer than two events a period'
    WHEN 'trend' THEN 'a straight line explains half of the spread or more'
    WHEN 'trend_seasonal' THEN 'a straight line explains half of the spread or more, and a season is proven'
    WHEN 'xmr_seasonal' THEN 'a season is proven'
    WHEN 'xmr' THEN 'neither line nor season' END
{%- endmacro %}

{# What a point says. Of one whose verdict is suspended that it is unusual, but neither better nor worse. #}
{% macro chart_variation() -%}
  CASE WHEN point_type = 'common_cause' THEN 'common_cause'
    WHEN is_suspended OR point_type LIKE '%neutral%' THEN 'neutral'
    ELSE replace(point_type, 'special_cause_', '') END
{%- endmacro %}

{# What a proven season adds to a point, with the correction of its line; 0 without a season. #}
{% macro seasonal_part(level, season) -%}
  coalesce({{ season }}.seasonal + {{ season }}.drift * ({{ level }}.place - {{ season }}.centre), 0)
{%- endmacro %}
