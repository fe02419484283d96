{#
  One verdict in words. Columns of rst_verdict's CTEs; every sentence says what the verdict rests on, and only that.

  ward_difference  for a gap between wards: higher_in_deprived, lower_in_deprived (the interval of the deprivation gap lies
                   on one side of 0), yes (the wards differ, not clearly by deprivation), not_shown, or not_known. In this
                   order: deprivation, heterogeneity, and the gap that chance alone would give only where neither test is there.
  verdict_reason   one short sentence; empty where there is no figure
#}
{% macro ward_difference() -%}
  case when headline <> 'ward_gap' or value is null then null
    when deprivation_gap_ci95_lower > 0 then 'higher_in_deprived'
    when deprivation_gap_ci95_upper < 0 then 'lower_in_deprived'
    when heterogeneity_p_value < 0.05 then 'yes'
    when heterogeneity_p_value is null and deprivation_gap is null then
      case when chance_probability < 0.025 then 'yes' when chance_probability is null then 'not_known' else 'not_shown' end
    else 'not_shown' end
{%- endmacro %}

{% macro verdict_reason() -%}
  case when value is null then null
    when headline = 'ward_gap' then {{ reason_of_gap() }}
    else case verdict_basis
      when 'trend' then {{ reason_of_trend() }}
      when 'control_chart' then {{ reason_of_chart() }}
      when 'comparison' then {{ reason_of_comparison() }}
      when 'completeness' then 'The figures are not complete yet, so they are not judged'
      when 'annotation' then {{ reason_of_annotation() }}
      when 'target' then 'We cannot tell if it is changing'
      else case when previous_value is null then 'There is no earlier figure to tell if it is changing'
        else 'We cannot tell if the change is more than chance' end end end
{%- endmacro %}

{% macro reason_of_annotation() -%}
  case evidence_basis when 'control_chart' then 'The last ' || chart_period_type || ' is out of line with its past'
    when 'trend' then 'It has changed over the years' else 'It has clearly changed' end
  || ', but we do not call that better or worse: ' || annotation_words
{%- endmacro %}

{% macro reason_of_trend() -%}
  case verdict when 'no_clear_change' then 'There is no clear trend over ' else 'It has got ' || verdict || ' over ' end
  || case when period_type like 'pooled%' then 'the last five such spans' else 'five years' end
  || case when verdict_suspended is null and direction_of_change in ('better', 'worse') and direction_of_change <> verdict
    then ', though it is clearly ' || direction_of_change || ' than' || {{ narrative_of_before() }} else '' end
{%- endmacro %}

{# Only a point outside the limits is outside the usual range; runs inside it are told as runs. #}
{% macro reason_of_chart() -%}
  case when verdict = 'no_clear_change' then 'The last ' || chart_period_type || ' is within its usual range'
    when special_cause in ('Above UCL', 'Below LCL')
      then 'The last ' || chart_period_type || ' is ' || verdict || ' than its usual range'
    when special_cause = 'No Events For Long' then 'There has been no case for longer than usual'
    when special_cause like '7 Points%' then 'It has been on the ' || verdict || ' side of its average'
    when special_cause like '7 Point Trend%' then 'It has got ' || verdict || ' over 7 ' || chart_period_type || 's in a row'
    else 'It is near the ' || verdict || ' edge of its usual range in 2 of the last 3 ' || chart_period_type || 's' end
  || case when verdict <> 'no_clear_change' and same_since is not null then
    case when special_cause like '7 Points%' then ' since ' || strftime(same_since, '%B %Y')
      when same_since < chart_period_start then ', as it has been since ' || strftime(same_since, '%B %Y') else '' end
    else '' end
{%- endmacro %}

{% macro reason_of_comparison() -%}
  case verdict when 'no_clear_change' then case when {{ is_told_the_same() }} then 'There is no clear change'
      else 'The change is small enough to be chance' end
    else 'It is clearly ' || verdict || ' than' || {{ narrative_of_before() }} end
{%- endmacro %}

{# Which way the wards differ, then whether the gap is closing. #}
{% macro reason_of_gap() -%}
  case ward_difference
    when 'higher_in_deprived' then 'The figure is higher in poorer wards: ' || {{ words_of_deprivation() }}
    when 'lower_in_deprived' then 'The figure is lower in poorer wards: ' || {{ words_of_deprivation() }}
    when 'yes' then 'The wards do differ' || case when deprivation_gap is null then {{ words_of_chance() }}
      else ', but not clearly by how poor they are' end
    when 'not_shown' then 'We cannot be sure that the wards differ' || {{ words_of_chance() }}
    else 'We cannot tell if the wards differ' end
  || '. ' || case verdict_basis when 'annotation' then {{ reason_of_annotation() }}
    when 'completeness' then 'The figures are not complete yet, so the gap is not judged' else case
    when gap_answer in ('closing', 'widening')
      then 'The gap between poorer and better-off wards is ' || gap_answer || {{ words_of_closing() }}
    when gap_answer = 'no_clear_change' then 'It is not clear if the gap is closing' || {{ words_of_closing() }}
    else 'We cannot tell yet if the gap is closing' end end
{%- endmacro %}

{# By how much a year, where all years were asked; in people, where two periods were. #}
{% macro words_of_closing() -%}
  case when gap_closing <> 'cannot_be_told' then ': it changes by ' || {{ number_text('gap_change_per_year', "'years'") }}
      || ' ' || short_unit || ' a year (' || {{ interval_text('gap_change_per_year_ci95_lower', 'gap_change_per_year_ci95_upper', "'years'") }} || ')'
    when gap_answer <> 'no_clear_change' and gap_change_events <> 0
      then ': about ' || {{ number_text('abs(gap_change_events)', "'people'") }}
      || case when gap_change_events < 0 then ' fewer' else ' more' end || ' than if it had stayed as it was before' else '' end
{%- endmacro %}

{% macro words_of_deprivation() -%}
  'about ' || {{ value_text('abs(deprivation_gap)', 'short_unit') }} || ' (' || {{ interval_text(
    'least(abs(deprivation_gap_ci95_lower), abs(deprivation_gap_ci95_upper))',
    'greatest(abs(deprivation_gap_ci95_lower), abs(deprivation_gap_ci95_upper))', 'short_unit') }} || ') from the best-off to the poorest'
{%- endmacro %}

{% macro words_of_chance() -%}
  coalesce(': chance alone would give about ' || {{ number_text('gap_by_chance', 'short_unit') }}, '')
{%- endmacro %}
