{#
  A few plain sentences about an indicator, for a reader of about twelve: the figure and the one before, the verdict with its
  reason, the comparator, the target. Columns of rst_verdict. Never a bare colour, never a second verdict.
#}
{% macro narrative() -%}
  CASE WHEN value IS NULL THEN title || ': ' || {{ narrative_of_nothing() }} || '.'
    ELSE title || ': ' || {{ value_text('value', 'short_unit') }}
      || CASE headline WHEN 'ward_gap' THEN ' between the highest and the lowest ward' ELSE '' END
      || {{ narrative_of_period() }}
      || CASE WHEN area_code = 'E07000171' THEN '' ELSE ' (' || area_name || ')' END
      || CASE headline WHEN 'ward_gap' THEN '' ELSE {{ narrative_of_change() }} END
      || {{ narrative_of_care() }} || '. ' || verdict_reason || '.'
      || {{ narrative_of_comparison() }} || {{ narrative_of_target() }} || coalesce(' ' || caution, '')
      || CASE WHEN incomplete_period_label IS NULL THEN '' ELSE ' Newer figures are not complete yet.' END
  END
{%- endmacro %}

{% macro narrative_of_period() -%}
  CASE WHEN period_label LIKE '12 months%' OR period_label LIKE 'school year%' THEN ' in the ' ELSE ' in ' END || period_label
{%- endmacro %}

{% macro narrative_of_nothing() -%}
  CASE value_status
    WHEN 'not_supplied' THEN 'we do not have the data yet'
    WHEN 'not_applicable' THEN 'there was nobody to count' || {{ narrative_of_period() }}
    WHEN 'suppressed_primary' THEN 'too few' || {{ narrative_of_period() }} || ' to show the number'
      || CASE WHEN method = 'count' AND disclosure_gate = 'hes2018' THEN ' (fewer than 8)' ELSE '' END
    WHEN 'suppressed_secondary' THEN 'not shown' || {{ narrative_of_period() }} || ', as it would give a small number away'
    WHEN 'not_calculated_small' THEN 'too few' || {{ narrative_of_period() }} || ' to work out a figure'
    ELSE 'there is no figure' || coalesce({{ narrative_of_period() }}, '') END
{%- endmacro %}

{# Up or down is said of the figures as they are written. #}
{% macro narrative_of_change() -%}
  CASE WHEN previous_value IS NULL THEN ''
    WHEN {{ is_told_the_same() }} THEN ', about the same as' || {{ narrative_of_before() }}
    ELSE CASE WHEN unit LIKE '\% change%' ESCAPE '\' THEN ', after ' WHEN change > 0 THEN ', up from ' ELSE ', down from ' END
      || {{ short_value_text('previous_value', 'short_unit') }} || {{ narrative_of_before() }} END
{%- endmacro %}

{% macro is_told_the_same() -%}
  {{ value_text('value', 'short_unit') }} = {{ value_text('previous_value', 'short_unit') }}
{%- endmacro %}

{# How long ago the figure it is compared with was: pooled years are set against the years before them. #}
{% macro narrative_of_before() -%}
  CASE period_type WHEN 'pooled_3y' THEN ' three years earlier' WHEN 'pooled_5y' THEN ' five years earlier'
    ELSE ' a year earlier' END
{%- endmacro %}

{% macro narrative_of_care() -%}
  CASE WHEN NOT is_complete THEN ' (not complete yet)'
    WHEN provisional AND small_base THEN ' (early figures, may change; small numbers)'
    WHEN provisional THEN ' (early figures, may change)' WHEN small_base THEN ' (small numbers)' ELSE '' END
{%- endmacro %}

{# Only of the same months: an older figure of somewhere else says nothing about now. #}
{% macro narrative_of_comparison() -%}
  CASE WHEN is_compared_at_once AND compared IN ('better', 'worse', 'similar') THEN
    CASE compared WHEN 'similar' THEN ' It is about the same as ' ELSE ' It is ' || compared || ' than ' END
    || coalesce(comparator_name, 'the reference') || ' (' || {{ short_value_text('comparator_value', 'short_unit') }} || ').'
    ELSE '' END
{%- endmacro %}

{% macro narrative_of_target() -%}
  {%- set target = short_value_text('target_value', 'short_unit', exact=true) -%}
  CASE target_status WHEN 'met' THEN ' It meets the target of ' || {{ target }}
      || CASE target_likelihood WHEN 'unlikely' THEN ', but is unlikely to go on doing so.'
        WHEN 'possible' THEN ', but may not always.' ELSE '.' END
    WHEN 'not_met' THEN ' It misses the target of ' || {{ target }}
      || CASE target_likelihood WHEN 'unlikely' THEN ', and is unlikely to meet it as things are.'
        WHEN 'possible' THEN ', but could meet it.' WHEN 'likely' THEN ', but is likely to meet it.' ELSE '.' END
    WHEN 'too_close_to_call' THEN ' It is too close to the target of ' || {{ target }} || ' to call.'
    ELSE '' END
{%- endmacro %}
