{#
  One verdict in words. Columns of rst_verdict's CTEs; every sentence says what the verdict rests on, and only that.

  ward_difference  for a gap between wards: higher_in_deprived, lower_in_deprived (the interval of the deprivation gap lies
                   on one side of 0), yes (the wards differ, not clearly by deprivation), not_shown, or not_known. In this
                   order: deprivation, heterogeneity, and the gap that chance alone would give only where neither test is there.
  verdict_reason   one short sentence; empty where there is no figure
#}
{% macro ward_difference() -%}
  CASE WHEN headline <> 'ward_gap' OR value IS NULL THEN NULL
    WHEN deprivation_gap_ci95_lower > 0 THEN 'higher_in_deprived'
    WHEN deprivation_gap_ci95_upper < 0 THEN 'lower_in_deprived'
    WHEN heterogeneity_p_value < 0.05 THEN 'yes'
    WHEN heterogeneity_p_value IS NULL AND deprivation_gap IS NULL THEN
      CASE WHEN chance_probability < 0.025 THEN 'yes' WHEN chance_probability IS NULL THEN 'not_known' ELSE 'not_shown' END
    ELSE 'not_shown' END
{%- endmacro %}

{% macro verdict_reason() -%}
  CASE WHEN value IS NULL THEN NULL
    WHEN headline = 'ward_gap' THEN {{ reason_of_gap() }}
    ELSE CASE verdict_basis
      WHEN 'trend' THEN {{ reason_of_trend() }}
      WHEN 'control_chart' THEN {{ reason_of_chart() }}
      WHEN 'comparison' THEN {{ reason_of_comparison() }}
      WHEN 'completeness' THEN 'The figures are not complete yet, so they are not judged'
      WHEN 'annotation' THEN {{ reason_of_annotation() }}
      WHEN 'target' THEN 'We cannot tell if it is changing'
      ELSE CASE WHEN previous_value IS NULL THEN 'There is no earlier figure to tell if it is changing'
        ELSE 'We cannot tell if the change is more than chance' END END END
{%- endmacro %}

{% macro reason_of_annotation() -%}
  CASE evidence_basis WHEN 'control_chart' THEN 'The last ' || chart_period_type || ' is out of line with its past'
    WHEN 'trend' THEN 'It has changed over the years' ELSE 'It has clearly changed' END
  || ', but we do not call that better or worse: ' || annotation_words
{%- endmacro %}

{% macro reason_of_trend() -%}
  CASE verdict WHEN 'no_clear_change' THEN 'There is no clear trend over ' ELSE 'It has got ' || verdict || ' over ' END
  || CASE WHEN period_type LIKE 'pooled%' THEN 'the last five such spans' ELSE 'five years' END
  || CASE WHEN verdict_suspended IS NULL AND direction_of_change IN ('better', 'worse') AND direction_of_change <> verdict
    THEN ', though it is clearly ' || direction_of_change || ' than' || {{ narrative_of_before() }} ELSE '' END
{%- endmacro %}

{# Only a point outside the limits is outside the usual range; runs inside it are told as runs. #}
{% macro reason_of_chart() -%}
  CASE WHEN verdict = 'no_clear_change' THEN 'The last ' || chart_period_type || ' is within its usual range'
    WHEN special_cause IN ('Above UCL', 'Below LCL')
      THEN 'The last ' || chart_period_type || ' is ' || verdict || ' than its usual range'
    WHEN special_cause = 'No Events For Long' THEN 'There has been no case for longer than usual'
    WHEN special_cause LIKE '7 Points%' THEN 'It has been on the ' || verdict || ' side of its average'
    WHEN special_cause LIKE '7 Point Trend%' THEN 'It has got ' || verdict || ' over 7 ' || chart_period_type || 's in a row'
    ELSE 'It is near the ' || verdict || ' edge of its usual range in 2 of the last 3 ' || chart_period_type || 's' END
  || CASE WHEN verdict <> 'no_clear_change' AND same_since IS NOT NULL THEN
    CASE WHEN special_cause LIKE '7 Points%' THEN ' since ' || strftime(same_since, '%B %Y')
      WHEN same_since < chart_period_start THEN ', as it has been since ' || strftime(same_since, '%B %Y') ELSE '' END
    ELSE '' END
{%- endmacro %}

{% macro reason_of_comparison() -%}
  CASE verdict WHEN 'no_clear_change' THEN CASE WHEN {{ is_told_the_same() }} THEN 'There is no clear change'
      ELSE 'The change is small enough to be chance' END
    ELSE 'It is clearly ' || verdict || ' than' || {{ narrative_of_before() }} END
{%- endmacro %}

{# Which way the wards differ, then whether the gap is closing. #}
{% macro reason_of_gap() -%}
  CASE ward_difference
    WHEN 'higher_in_deprived' THEN 'The figure is higher in poorer wards: ' || {{ words_of_deprivation() }}
    WHEN 'lower_in_deprived' THEN 'The figure is lower in poorer wards: ' || {{ words_of_deprivation() }}
    WHEN 'yes' THEN 'The wards do differ' || CASE WHEN deprivation_gap IS NULL THEN {{ words_of_chance() }}
      ELSE ', but not clearly by how poor they are' END
    WHEN 'not_shown' THEN 'We cannot be sure that the wards differ' || {{ words_of_chance() }}
    ELSE 'We cannot tell if the wards differ' END
  || '. ' || CASE verdict_basis WHEN 'annotation' THEN {{ reason_of_annotation() }}
    WHEN 'completeness' THEN 'The figures are not complete yet, so the gap is not judged' ELSE CASE
    WHEN gap_answer IN ('closing', 'widening')
      THEN 'The gap between poorer and better-off wards is ' || gap_answer || {{ words_of_closing() }}
    WHEN gap_answer = 'no_clear_change' THEN 'It is not clear if the gap is closing' || {{ words_of_closing() }}
    ELSE 'We cannot tell yet if the gap is closing' END END
{%- endmacro %}

{# By how much a year, where all years were asked; in people, where two periods were. #}
{% macro words_of_closing() -%}
  CASE WHEN gap_closing <> 'cannot_be_told' THEN ': it changes by ' || {{ number_text('gap_change_per_year', "'years'") }}
      || ' ' || short_unit || ' a year (' || {{ interval_text('gap_change_per_year_ci95_lower', 'gap_change_per_year_ci95_upper', "'years'") }} || ')'
    WHEN gap_answer <> 'no_clear_change' AND gap_change_events <> 0
      THEN ': about ' || {{ number_text('abs(gap_change_events)', "'people'") }}
      || CASE WHEN gap_change_events < 0 THEN ' fewer' ELSE ' more' END || ' than if it had stayed as it was before' ELSE '' END
{%- endmacro %}

{% macro words_of_deprivation() -%}
  'about ' || {{ value_text('abs(deprivation_gap)', 'short_unit') }} || ' (' || {{ interval_text(
    'least(abs(deprivation_gap_ci95_lower), abs(deprivation_gap_ci95_upper))',
    'greatest(abs(deprivation_gap_ci95_lower), abs(deprivation_gap_ci95_upper))', 'short_unit') }} || ') from the best-off to the poorest'
{%- endmacro %}

{% macro words_of_chance() -%}
  coalesce(': chance alone would give about ' || {{ number_text('gap_by_chance', 'short_unit') }}, '')
{%- endmacro %}
