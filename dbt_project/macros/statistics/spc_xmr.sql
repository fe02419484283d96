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
  WITH spc_groups AS (
    SELECT *, ({{ value }})::DOUBLE AS spc_y, {{ date }} AS spc_date, {{ direction }} AS spc_direction,
      count(*) OVER ({{ partition_clause(series) }}, {{ date }}) AS spc_copies,
      coalesce(sum(({{ rebase }})::INTEGER) OVER ({{ partition_clause(series) }} ORDER BY {{ date }}), 0)::INTEGER
        AS rebase_group
    FROM {{ relation }}
  ), spc_baseline AS ({{ spc_baseline('spc_groups', series, groups, fix_after, baseline) }}),
  spc_limits AS ({{ spc_limits('spc_baseline', groups, screen, keep_width) }}),
  spc_windows AS ({{ spc_windows('spc_limits', groups) }}),
  spc_labels AS (SELECT *, {{ spc_label(groups) }} AS special_cause FROM spc_windows)
  SELECT * EXCLUDE (spc_y, spc_date, spc_direction, spc_copies, spc_baseline, spc_in_range, spc_step, spc_range, spc_near,
      spc_up, spc_down, spc_two, spc_seven),
    CASE WHEN special_cause = 'Common Cause' THEN 'common_cause'
         WHEN spc_direction = 'neutral' THEN
           'special_cause_neutral_' || CASE WHEN {{ spc_is_up() }} THEN 'high' ELSE 'low' END
         WHEN {{ spc_is_up() }} = (spc_direction = 'increase') THEN 'special_cause_improvement'
         ELSE 'special_cause_concern' END AS point_type,
    n < 13 AS short_series
  FROM spc_labels
{%- endmacro %}

{% macro spc_is_up() -%}
  (special_cause LIKE '%Above%' OR special_cause LIKE '%Increasing%')
{%- endmacro %}

{# Steps between neighbours and the mean of the baseline; equal values give themselves, whatever the rounding. #}
{% macro spc_baseline(relation, series, groups, fix_after, baseline) -%}
  SELECT *, CASE WHEN problem IS NOT NULL THEN NULL
      WHEN min(spc_y) FILTER (spc_baseline) OVER everyone = max(spc_y) FILTER (spc_baseline) OVER everyone
        THEN min(spc_y) FILTER (spc_baseline) OVER everyone
      ELSE favg(spc_y) FILTER (spc_baseline) OVER everyone END AS mean,
    avg(abs(spc_step)) FILTER (spc_in_range) OVER everyone AS spc_range
  FROM (SELECT *, spc_baseline AND coalesce(lag(spc_baseline) OVER in_order, true) AS spc_in_range FROM (
    SELECT *, spc_y - lag(spc_y) OVER in_order AS spc_step, count(*) OVER everyone AS n,
      {{ 'row_number() OVER in_order <= ' ~ fix_after if fix_after is not none else baseline }} AS spc_baseline,
      CASE WHEN max(spc_copies) OVER ({{ partition_clause(series) }}) > 1
        THEN 'a date occurs twice in the series' END AS problem
    FROM {{ relation }}
    WINDOW everyone AS ({{ partition_clause(groups) }}), in_order AS ({{ partition_clause(groups) }} ORDER BY spc_date)
  ) WINDOW in_order AS ({{ partition_clause(groups) }} ORDER BY spc_date))
  WINDOW everyone AS ({{ partition_clause(groups) }})
{%- endmacro %}

{% macro spc_limits(relation, groups, screen, keep_width) -%}
  SELECT *, sign(spc_y - mean)::INTEGER AS side, spc_y < lower_limit OR spc_y > upper_limit AS outside_limits,
    NOT (spc_y < lower_limit OR spc_y > upper_limit)
      AND (spc_y < mean - spc_near OR spc_y > mean + spc_near) AS close_to_limits
  FROM (
    SELECT *, mean - 2.66::DOUBLE * spc_range AS lower_limit, mean + 2.66::DOUBLE * spc_range AS upper_limit,
      2 * 2.66::DOUBLE / 3 * spc_range AS spc_near
    FROM (
      SELECT * {%- if screen %} REPLACE (CASE WHEN spc_range = 0 THEN 0 ELSE coalesce(nullif(avg(abs(spc_step))
        FILTER (spc_in_range AND abs(spc_step) < 3.267::DOUBLE * spc_range) OVER everyone,
          {{ '0' if keep_width else 'NULL' }}), {{ 'spc_range' if keep_width else 'NULL' }}) END AS spc_range)
        {%- endif %}
      FROM {{ relation }} WINDOW everyone AS ({{ partition_clause(groups) }})))
{%- endmacro %}

{# Whether a window that breaks a rule ends at this point. #}
{% macro spc_windows(relation, groups) -%}
  SELECT *, sum((spc_step > 0)::INTEGER) OVER (in_order ROWS 5 PRECEDING) = 6 AS spc_up,
    sum((spc_step < 0)::INTEGER) OVER (in_order ROWS 5 PRECEDING) = 6 AS spc_down,
    abs(sum(side) OVER (in_order ROWS 2 PRECEDING)) = 3
      AND sum(close_to_limits::INTEGER) OVER (in_order ROWS 2 PRECEDING) >= 2 AS spc_two,
    abs(sum(side) OVER (in_order ROWS 6 PRECEDING)) = 7 AS spc_seven
  FROM {{ relation }} WINDOW in_order AS ({{ partition_clause(groups) }} ORDER BY spc_date)
{%- endmacro %}

{# A point belongs to every window that ends at it or at one of the next points. #}
{% macro spc_label(groups) -%}
  {%- set in_order = partition_clause(groups) ~ ' ORDER BY spc_date' -%}
  {%- set next6 = 'OVER (' ~ in_order ~ ' ROWS BETWEEN CURRENT ROW AND 6 FOLLOWING)' -%}
  CASE WHEN problem IS NOT NULL THEN NULL
    WHEN outside_limits THEN CASE WHEN spc_y > upper_limit THEN 'Above UCL' ELSE 'Below LCL' END
    WHEN bool_or(spc_up) {{ next6 }} AND (NOT bool_or(spc_down) {{ next6 }} OR lead(spc_step) OVER ({{ in_order }}) > 0)
      THEN '7 Point Trend (Increasing)'
    WHEN bool_or(spc_down) {{ next6 }} THEN '7 Point Trend (Decreasing)'
    WHEN close_to_limits AND bool_or(spc_two) OVER ({{ in_order }} ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING)
      THEN '2 in 3 ' || CASE WHEN side > 0 THEN 'Above' ELSE 'Below' END || ' CL'
    WHEN bool_or(spc_seven) {{ next6 }} THEN '7 Points ' || CASE WHEN side > 0 THEN 'Above' ELSE 'Below' END || ' CL'
    ELSE 'Common Cause' END
{%- endmacro %}
