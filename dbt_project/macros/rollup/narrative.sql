{#
  One plain sentence about an indicator, for a reader of about eleven. Put together from parts that are there or not;
  columns of the scorecard's CTE `judged`. Never a bare colour, and never a difference that chance would explain
  told as a change.
#}
{% macro narrative() -%}
  CASE WHEN value IS NULL THEN title || ': ' || {{ narrative_of_nothing() }}
    WHEN headline = 'ward_gap' THEN title || ': ' || {{ narrative_of_gap() }}
    ELSE title || ': ' || {{ value_text('value', 'unit') }} || {{ narrative_of_period() }}
      || CASE WHEN area_code = 'E07000171' THEN '' ELSE ' (' || area_name || ')' END
      || {{ narrative_of_change() }} || {{ narrative_of_chart() }} || {{ narrative_of_comparison() }} || {{ narrative_of_target() }}
      || CASE WHEN NOT is_complete THEN ' (not complete yet)' WHEN provisional THEN ' (early figures, may change)' ELSE '' END
      || CASE WHEN incomplete_period_label IS NULL THEN '' ELSE '; newer figures are not complete yet' END
  END || '.'
{%- endmacro %}

{% macro narrative_of_period() -%}
  CASE WHEN period_label LIKE '12 months%' THEN ' in the ' ELSE ' in ' END || period_label
{%- endmacro %}

{% macro narrative_of_nothing() -%}
  CASE coalesce(value_status, 'not_supplied')
    WHEN 'not_supplied' THEN 'we do not have the data yet'
    WHEN 'not_applicable' THEN 'there was nobody to count'
    WHEN 'suppressed_primary' THEN 'too few' || {{ narrative_of_period() }} || ' to show the number'
      || CASE WHEN method = 'count' AND disclosure_gate = 'hes2018' THEN ' (fewer than 8)' ELSE '' END
    ELSE 'too few' || {{ narrative_of_period() }} || ' to give a figure' END
{%- endmacro %}

{% macro narrative_of_change() -%}
  CASE WHEN previous_value IS NULL THEN ''
    WHEN change = 0 THEN ', the same as' || {{ narrative_of_before() }}
    WHEN {{ number_text('value') }} = {{ number_text('previous_value') }} THEN ', about the same as' || {{ narrative_of_before() }}
    ELSE CASE WHEN unit LIKE '\% change%' ESCAPE '\' THEN ', after ' WHEN change > 0 THEN ', up from ' ELSE ', down from ' END
        || {{ number_text('previous_value') }} || CASE WHEN left(unit, 1) = '%' THEN '%' ELSE '' END || {{ narrative_of_before() }}
      || CASE direction_of_change WHEN 'better' THEN ', which is better' WHEN 'worse' THEN ', which is worse'
        ELSE CASE WHEN ci95_lower IS NULL THEN '' ELSE ', which may be chance' END END END
{%- endmacro %}

{# How long ago the figure it is compared with was: pooled years are set against the years before them. #}
{% macro narrative_of_before() -%}
  CASE period_type WHEN 'pooled_3y' THEN ' three years earlier' WHEN 'pooled_5y' THEN ' five years earlier'
    ELSE ' a year earlier' END
{%- endmacro %}

{# What the control chart says beyond its usual ups and downs, and since when. #}
{% macro narrative_of_chart() -%}
  CASE variation WHEN 'improvement' THEN '; better than its usual range since ' || strftime(same_since, '%B %Y')
    WHEN 'concern' THEN '; worse than its usual range since ' || strftime(same_since, '%B %Y') ELSE '' END
{%- endmacro %}

{% macro narrative_of_comparison() -%}
  CASE compared WHEN 'better' THEN '; better than ' WHEN 'worse' THEN '; worse than ' WHEN 'similar' THEN '; about the same as '
    ELSE '' END
  || CASE WHEN compared IN ('better', 'worse', 'similar') THEN coalesce(comparator_name, 'the reference')
      || coalesce(' in ' || comparator_label, '') ELSE '' END
{%- endmacro %}

{% macro narrative_of_target() -%}
  CASE WHEN target_value IS NULL THEN ''
    WHEN (value >= target_value) = (direction = 'up') OR value = target_value
      THEN '; it meets the target of ' || {{ value_text('target_value', 'unit') }}
        || CASE target_likelihood WHEN 'unlikely' THEN ', but is unlikely to go on doing so'
          WHEN 'possible' THEN ', but may not always' ELSE '' END
    ELSE '; it misses the target of ' || {{ value_text('target_value', 'unit') }}
      || CASE target_likelihood WHEN 'unlikely' THEN ', and is unlikely to meet it as things are'
        WHEN 'possible' THEN ', but could meet it' WHEN 'likely' THEN ', but is likely to meet it' ELSE '' END END
{%- endmacro %}

{% macro narrative_of_gap() -%}
  {{ number_text('value') }} || CASE unit WHEN 'years' THEN ' years' ELSE ' points' END || ' between the highest and the lowest ward in ' || period_label
  || '; chance alone would give about ' || {{ number_text('gap_by_chance') }}
  || CASE WHEN chance_probability < 0.025 THEN ', so the wards really do differ'
    ELSE ', so we cannot be sure that the wards differ' END
  || {{ narrative_of_gap_change() }}
{%- endmacro %}

{# Only what the test of two periods found: without a clear answer nothing is said. #}
{% macro narrative_of_gap_change() -%}
  CASE gap_trend WHEN 'closing' THEN '; the gap between poorer and better-off wards is closing'
    WHEN 'widening' THEN '; the gap between poorer and better-off wards is widening' ELSE '' END
  || CASE WHEN gap_trend IN ('closing', 'widening') AND gap_change_events <> 0 THEN ': about '
      || {{ number_text('abs(gap_change_events)') }} || CASE WHEN gap_change_events < 0 THEN ' fewer' ELSE ' more' END
      || ' than if it had stayed as it was before' ELSE '' END
{%- endmacro %}
