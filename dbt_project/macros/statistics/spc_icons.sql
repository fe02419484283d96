{#
  The two "Making Data Count" icons of an SPC chart, from its last point. Scalar expressions.

  spc_variation  what the last point says: common_cause, improvement_high, improvement_low, concern_high, concern_low,
                 neutral_high, neutral_low (high and low: where the point lies). Input: its point_type and direction.
  spc_assurance  whether the process will meet its target, from the limits of the last rebase group:
                 consistent_pass, consistent_fail or inconsistent ("hit or miss", also without limits); NULL
                 without a target and for a neutral direction.
  Source: ptd_get_icons and ptd_calculate_assurance_type of NHSRplotthedots (there a series without
  a target among series with one is called inconsistent; here it has no icon).
#}
{% macro spc_variation(point_type, direction) -%}
  case {{ point_type }}
    when 'special_cause_improvement' then
      case {{ direction }} when 'increase' then 'improvement_high' else 'improvement_low' end
    when 'special_cause_concern' then
      case {{ direction }} when 'increase' then 'concern_low' else 'concern_high' end
    else replace({{ point_type }}, 'special_cause_', '') end
{%- endmacro %}

{% macro spc_assurance(target, lower_limit, upper_limit, direction) -%}
  case when {{ target }} is null or {{ direction }} = 'neutral' then null
    when {{ target }} > {{ upper_limit }} then
      case {{ direction }} when 'increase' then 'consistent_fail' else 'consistent_pass' end
    when {{ target }} < {{ lower_limit }} then
      case {{ direction }} when 'increase' then 'consistent_pass' else 'consistent_fail' end
    else 'inconsistent' end
{%- endmacro %}
