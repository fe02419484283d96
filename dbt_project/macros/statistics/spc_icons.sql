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
  CASE {{ point_type }}
    WHEN 'special_cause_improvement' THEN
      CASE {{ direction }} WHEN 'increase' THEN 'improvement_high' ELSE 'improvement_low' END
    WHEN 'special_cause_concern' THEN
      CASE {{ direction }} WHEN 'increase' THEN 'concern_low' ELSE 'concern_high' END
    ELSE replace({{ point_type }}, 'special_cause_', '') END
{%- endmacro %}

{% macro spc_assurance(target, lower_limit, upper_limit, direction) -%}
  CASE WHEN {{ target }} IS NULL OR {{ direction }} = 'neutral' THEN NULL
    WHEN {{ target }} > {{ upper_limit }} THEN
      CASE {{ direction }} WHEN 'increase' THEN 'consistent_fail' ELSE 'consistent_pass' END
    WHEN {{ target }} < {{ lower_limit }} THEN
      CASE {{ direction }} WHEN 'increase' THEN 'consistent_pass' ELSE 'consistent_fail' END
    ELSE 'inconsistent' END
{%- endmacro %}
