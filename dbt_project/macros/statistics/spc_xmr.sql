{#
  Statistical process control as NHS "Making Data Count" does it: XmR chart. Returns a relation.

  spc_xmr(relation, series=['indicator_id', 'area_code'], date='period_start', value='value',
          direction="'increase'", rebase='false', screen=true, fix_after=none, baseline='true', keep_width=false)
    relation: one row per series and date, in any order. direction ('increase', 'decrease', 'neutral': which way is
      better), rebase (true where new limits start at this row) and baseline (true where the row counts for the limits)
      are SQL expressions over its columns.
    result: all columns of `relation` plus rebase_group (0, 1, ...), n (points in the group), mean, lower_limit,
      upper_limit, side (-1, 0, 1 of the mean), outside_limits, close_to_limits, special_cause (label),
      point_type, short_series, problem. Values and limits in the unit of the value.

  Per series and rebase group. Baseline: all points, the first `fix_after` (>= 12), or those that `baseline` is true
  of. mr = mean moving range of neighbours in the baseline; screened: ranges of 3.267 mr or more are left out, once,
  and mr taken again (screen=false for NHS Excel tools).
  Limits: mean -/+ 2.66 mr, not clipped at 0; near limits at two thirds of that.
  special_cause, the first that applies:
    Above UCL, Below LCL             outside the limits
    7 Point Trend (Increasing ...)   in a window of 7 points with 6 strict steps the same way; in two: the next step
    2 in 3 Above CL ...              near a limit, in a window of 3 on one side of the mean with 2 near the limit
    7 Points Above CL ...            in a window of 7 on one side of the mean
    Common Cause
  point_type: special_cause_improvement, _concern, _neutral_high, _neutral_low or common_cause.
  Source: Wheeler, Understanding Variation (1993); NHS England Making Data Count; ptd_spc of NHSRplotthedots 0.2.2.

  Edge cases. Under 13 points: computed, short_series true. One point: no limits. A missing value is skipped in the
  mean, both its ranges are lost, it breaks every run and is common cause. All ranges 0: limits equal the mean (R:
  NaN when screened), so a target above or below it is judged. A date twice in a series: problem, no limits.
  keep_width: where screening leaves no range above 0 of a series that does change, nothing is screened. Limits of no
  width call every point special; R draws them, Wheeler screens nothing.
#}
{% macro spc_xmr(relation, series=[], date='period_start', value='value', direction="'increase'", rebase='false',
                 screen=true, fix_after=none, baseline='true', keep_width=false) -%}
  {%- if fix_after is not none and fix_after < 12 -%}
    {{ exceptions.raise_compiler_error('fix_after must be at least 12 points, got ' ~ fix_after) }}
  {%- endif -%}
  {%- set groups = series + ['rebase_group'] -%}
  with spc_groups as (
    select *, ({{ value }})::double as spc_y, {{ date }} as spc_date, {{ direction }} as spc_direction,
      count(*) over ({{ partition_clause(series) }}, {{ date }}) as spc_copies,
      coalesce(sum(({{ rebase }})::integer) over ({{ partition_clause(series) }} order by {{ date }}), 0)::integer
        as rebase_group
    from {{ relation }}
  ), spc_baseline as ({{ spc_baseline('spc_groups', series, groups, fix_after, baseline) }}),
  spc_limits as ({{ spc_limits('spc_baseline', groups, screen, keep_width) }}),
  spc_windows as ({{ spc_windows('spc_limits', groups) }}),
  spc_labels as (select *, {{ spc_label(groups) }} as special_cause from spc_windows)
  select * exclude (spc_y, spc_date, spc_direction, spc_copies, spc_baseline, spc_in_range, spc_step, spc_range, spc_near,
      spc_up, spc_down, spc_two, spc_seven),
    case when special_cause = 'Common Cause' then 'common_cause'
         when spc_direction = 'neutral' then
           'special_cause_neutral_' || case when {{ spc_is_up() }} then 'high' else 'low' end
         when {{ spc_is_up() }} = (spc_direction = 'increase') then 'special_cause_improvement'
         else 'special_cause_concern' end as point_type,
    n < 13 as short_series
  from spc_labels
{%- endmacro %}

{% macro spc_is_up() -%}
  (special_cause like '%Above%' or special_cause like '%Increasing%')
{%- endmacro %}

{# Steps between neighbours and the mean of the baseline; equal values give themselves, whatever the rounding. #}
{% macro spc_baseline(relation, series, groups, fix_after, baseline) -%}
  select *, case when problem is not null then null
      when min(spc_y) filter (spc_baseline) over everyone = max(spc_y) filter (spc_baseline) over everyone
        then min(spc_y) filter (spc_baseline) over everyone
      else favg(spc_y) filter (spc_baseline) over everyone end as mean,
    avg(abs(spc_step)) filter (spc_in_range) over everyone as spc_range
  from (select *, spc_baseline and coalesce(lag(spc_baseline) over in_order, true) as spc_in_range from (
    select *, spc_y - lag(spc_y) over in_order as spc_step, count(*) over everyone as n,
      {{ 'row_number() over in_order <= ' ~ fix_after if fix_after is not none else baseline }} as spc_baseline,
      case when max(spc_copies) over ({{ partition_clause(series) }}) > 1
        then 'a date occurs twice in the series' end as problem
    from {{ relation }}
    window everyone as ({{ partition_clause(groups) }}), in_order as ({{ partition_clause(groups) }} order by spc_date)
  ) window in_order as ({{ partition_clause(groups) }} order by spc_date))
  window everyone as ({{ partition_clause(groups) }})
{%- endmacro %}

{% macro spc_limits(relation, groups, screen, keep_width) -%}
  select *, sign(spc_y - mean)::integer as side, spc_y < lower_limit or spc_y > upper_limit as outside_limits,
    not (spc_y < lower_limit or spc_y > upper_limit)
      and (spc_y < mean - spc_near or spc_y > mean + spc_near) as close_to_limits
  from (
    select *, mean - 2.66::double * spc_range as lower_limit, mean + 2.66::double * spc_range as upper_limit,
      2 * 2.66::double / 3 * spc_range as spc_near
    from (
      select * {%- if screen %} replace (case when spc_range = 0 then 0 else coalesce(nullif(avg(abs(spc_step))
        filter (spc_in_range and abs(spc_step) < 3.267::double * spc_range) over everyone,
          {{ '0' if keep_width else 'NULL' }}), {{ 'spc_range' if keep_width else 'NULL' }}) end as spc_range)
        {%- endif %}
      from {{ relation }} window everyone as ({{ partition_clause(groups) }})))
{%- endmacro %}

{# Whether a window that breaks a rule ends at this point. #}
{% macro spc_windows(relation, groups) -%}
  select *, sum((spc_step > 0)::integer) over (in_order rows 5 preceding) = 6 as spc_up,
    sum((spc_step < 0)::integer) over (in_order rows 5 preceding) = 6 as spc_down,
    abs(sum(side) over (in_order rows 2 preceding)) = 3
      and sum(close_to_limits::integer) over (in_order rows 2 preceding) >= 2 as spc_two,
    abs(sum(side) over (in_order rows 6 preceding)) = 7 as spc_seven
  from {{ relation }} window in_order as ({{ partition_clause(groups) }} order by spc_date)
{%- endmacro %}

{# A point belongs to every window that ends at it or at one of the next points. #}
{% macro spc_label(groups) -%}
  {%- set in_order = partition_clause(groups) ~ ' order by spc_date' -%}
  {%- set next6 = 'OVER (' ~ in_order ~ ' rows between current row and 6 following)' -%}
  case when problem is not null then null
    when outside_limits then case when spc_y > upper_limit then 'Above UCL' else 'Below LCL' end
    when bool_or(spc_up) {{ next6 }} and (not bool_or(spc_down) {{ next6 }} or lead(spc_step) over ({{ in_order }}) > 0)
      then '7 Point Trend (Increasing)'
    when bool_or(spc_down) {{ next6 }} then '7 Point Trend (Decreasing)'
    when close_to_limits and bool_or(spc_two) over ({{ in_order }} rows between current row and 2 following)
      then '2 in 3 ' || case when side > 0 then 'Above' else 'Below' end || ' CL'
    when bool_or(spc_seven) {{ next6 }} then '7 Points ' || case when side > 0 then 'Above' else 'Below' end || ' CL'
    else 'Common Cause' end
{%- endmacro %}
