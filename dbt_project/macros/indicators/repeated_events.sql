{#
  Which events an indicator counts, for those whose events the same person may have again and again: one condition,
  used by the indicator and by the measure of how much its counts scatter (int_event_dispersion).
#}
{% macro repeated_events() %}
  {% do return({
    'emergency_admissions_rate': {'events': 'int_admission_spell', 'condition': 'is_emergency'},
    'emergency_admissions_low_grade': {'events': 'int_admission_spell', 'condition': 'is_low_grade'},
    'falls_admissions_65plus': {'events': 'int_admission_spell', 'condition':
      'is_emergency and not is_regular_attender and is_injury and is_fall and age >= '
      ~ (indicator_parameter('falls_admissions_65plus', 'minimum_age') | trim)},
    'ae_attendance_growth': {'events': 'int_ed_attendance', 'condition':
      'is_emergency_department and is_unplanned_first'},
  }) %}
{% endmacro %}

{% macro is_counted(indicator_id) -%}
  {{ repeated_events()[indicator_id].condition }}
{%- endmacro %}

{#
  A limit of a value whose events scatter more than chance by itself: its distance from the value times sqrt(dispersion).
  For counts, crude rates and growth; a standardised rate has it in its variance already (rst_standardised_rate).
#}
{% macro widened(method, value, limit, dispersion) -%}
  (case when {{ method }} in ('count', 'crude_rate', 'growth')
    then greatest({{ value }} + sqrt({{ dispersion }}) * ({{ limit }} - {{ value }}),
      case {{ method }} when 'growth' then -100 else 0 end)
    else {{ limit }} end)
{%- endmacro %}
