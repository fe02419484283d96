{#
  A few plain sentences about an indicator, for a reader of about twelve: the figure and the one before, the verdict with its
  reason, the comparator, the target. Columns of rst_verdict. Never a bare colour, never a second verdict.
#}
{% macro narrative() -%}
  case when value is null then title || ': ' || {{ narrative_of_nothing() }} || '.'
    else title || ': ' || {{ value_text('value', 'short_unit') }}
      || case headline when 'ward_gap' then ' between the highest and the lowest ward' else '' end
      || {{ narrative_of_period() }}
      || case when area_code = 'E07000171' then '' else ' (' || area_name || ')' end
      || case headline when 'ward_gap' then '' else {{ narrative_of_change() }} end
      || {{ narrative_of_care() }} || '. ' || verdict_reason || '.'
      || {{ narrative_of_comparison() }} || {{ narrative_of_target() }} || coalesce(' ' || caution, '')
      || case when incomplete_period_label is null then '' else ' Newer figures are not complete yet.' end
  end
{%- endmacro %}

{% macro narrative_of_period() -%}
  case when period_label like '12 months%' or period_label like 'school year%' then ' in the ' else ' in ' end || period_label
{%- endmacro %}

{% macro narrative_of_nothing() -%}
  case value_status
    when 'not_supplied' then 'we do not have the data yet'
    when 'not_applicable' then 'there was nobody to count' || {{ narrative_of_period() }}
    when 'suppressed_primary' then 'too few' || {{ narrative_of_period() }} || ' to show the number'
      || case when method = 'count' and disclosure_gate = 'hes2018' then ' (fewer than 8)' else '' end
    when 'suppressed_secondary' then 'not shown' || {{ narrative_of_period() }} || ', as it would give a small number away'
    when 'not_calculated_small' then 'too few' || {{ narrative_of_period() }} || ' to work out a figure'
    else 'there is no figure' || coalesce({{ narrative_of_period() }}, '') end
{%- endmacro %}

{# Up or down is said of the figures as they are written. #}
{% macro narrative_of_change() -%}
  case when previous_value is null then ''
    when {{ is_told_the_same() }} then ', about the same as' || {{ narrative_of_before() }}
    else case when unit like '\% change%' escape '\' then ', after ' when change > 0 then ', up from ' else ', down from ' end
      || {{ short_value_text('previous_value', 'short_unit') }} || {{ narrative_of_before() }} end
{%- endmacro %}

{% macro is_told_the_same() -%}
  {{ value_text('value', 'short_unit') }} = {{ value_text('previous_value', 'short_unit') }}
{%- endmacro %}

{# How long ago the figure it is compared with was: pooled years are set against the years before them. #}
{% macro narrative_of_before() -%}
  case period_type when 'pooled_3y' then ' three years earlier' when 'pooled_5y' then ' five years earlier'
    else ' a year earlier' end
{%- endmacro %}

{% macro narrative_of_care() -%}
  case when not is_complete then ' (not complete yet)'
    when provisional and small_base then ' (early figures, may change; small numbers)'
    when provisional then ' (early figures, may change)' when small_base then ' (small numbers)' else '' end
{%- endmacro %}

{# Only of the same months: an older figure of somewhere else says nothing about now. #}
{% macro narrative_of_comparison() -%}
  case when is_compared_at_once and compared in ('better', 'worse', 'similar') then
    case compared when 'similar' then ' It is about the same as ' else ' It is ' || compared || ' than ' end
    || coalesce(comparator_name, 'the reference') || ' (' || {{ short_value_text('comparator_value', 'short_unit') }} || ').'
    else '' end
{%- endmacro %}

{% macro narrative_of_target() -%}
  {%- set target = short_value_text('target_value', 'short_unit', exact=true) -%}
  case target_status when 'met' then ' It meets the target of ' || {{ target }}
      || case target_likelihood when 'unlikely' then ', but is unlikely to go on doing so.'
        when 'possible' then ', but may not always.' else '.' end
    when 'not_met' then ' It misses the target of ' || {{ target }}
      || case target_likelihood when 'unlikely' then ', and is unlikely to meet it as things are.'
        when 'possible' then ', but could meet it.' when 'likely' then ', but is likely to meet it.' else '.' end
    when 'too_close_to_call' then ' It is too close to the target of ' || {{ target }} || ' to call.'
    else '' end
{%- endmacro %}
