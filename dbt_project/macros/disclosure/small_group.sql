{#
  Shares of rounded counts of fewer than 50 people say little that is true: 12 of 13 is 92 %, and 10 of 15 is 67 %.
  The counts are shown, a share is not. 50 may be 48.
#}
{% macro small_base(method, policy, denominator) -%}
  coalesce({{ method }} = 'proportion' and {{ denominator }} - {{ rounding_slack(denominator, policy) }} < 50
    and {{ policy_setting(policy, 'round_to', 5) }} > 1, false)
{%- endmacro %}

{#
  Sensitive subjects: 0 % or 100 % of a small group tells something about each of its members. Below so many people a
  group is small; 50, as for shares that are flagged as `small_base`.
#}
{% macro small_group(denominator) -%}
  coalesce(({{ denominator }}) > 0 and ({{ denominator }}) < 50, false)
{%- endmacro %}
