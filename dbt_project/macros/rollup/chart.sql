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
  case when {{ method }} = 'growth' then -100 when {{ smallest }} < 0 then null else 0 end
{%- endmacro %}

{% macro within_possible(value) -%}
  least(greatest({{ value }}, lowest_possible), highest_possible)
{%- endmacro %}

{% macro possible_upper(method, unit) -%}
  case when {{ method }} in ('proportion', 'ratio') and {{ unit }} = '%' then 100 end
{%- endmacro %}

{# Events so few that a count of them says little: fewer than two a period. Columns of rst_chart's `series`. #}
{% macro is_rare() -%}
  (method = 'count' and aggregation = 'sum' and mean < 2)
{%- endmacro %}

{# Why a series has no chart, in words; NULL where it has one. The first reason counts. Columns of rst_chart's `series`. #}
{% macro reason_against_chart() -%}
  case when method = 'published' then 'published figures, too seldom for a chart'
    when is_yearly then 'counted once a year'
    when points < 13 then 'fewer than 13 points'
    when {{ is_rare() }} then case when periods_with_events = 0 then 'no events' end
    when unchanged > 0.5 then 'the value stays the same in more than half of the periods'
    when aggregation = 'last' and autocorrelation > 1.645 / sqrt(points)
      then 'a register: each value mostly repeats the one before'
    when autocorrelation > 0.6 and autocorrelation_beside_shift > 0.4
      then 'each value follows the one before too closely' end
{%- endmacro %}

{# Why the chart of a series is the one it is, in words. #}
{% macro reason_for_chart(chart_type) -%}
  case {{ chart_type }} when 'g' then 'fewer than two events a period'
    when 'trend' then 'a straight line explains half of the spread or more'
    when 'trend_seasonal' then 'a straight line explains half of the spread or more, and a season is proven'
    when 'xmr_seasonal' then 'a season is proven'
    when 'xmr' then 'neither line nor season' end
{%- endmacro %}

{# What a point says. Of one whose verdict is suspended that it is unusual, but neither better nor worse. #}
{% macro chart_variation() -%}
  case when point_type = 'common_cause' then 'common_cause'
    when is_suspended or point_type like '%neutral%' then 'neutral'
    else replace(point_type, 'special_cause_', '') end
{%- endmacro %}

{# What a proven season adds to a point, with the correction of its line; 0 without a season. #}
{% macro seasonal_part(level, season) -%}
  coalesce({{ season }}.seasonal + {{ season }}.drift * ({{ level }}.place - {{ season }}.centre), 0)
{%- endmacro %}
