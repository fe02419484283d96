{#
  One count through the gate. `policy` is a column or a quoted name, see policies.sql.

  count_is_hidden  TRUE for 1..hide_to (also for fractions above 0)
  count_shown      NULL when hidden; otherwise rounded: 5 * floor((n + 2) / 5) under hes2018, 5 for 0..lump_to
  Rounding happens here, once, and nothing rounded is ever summed.
#}
{% macro count_is_hidden(count, policy) -%}
  coalesce(({{ count }}) > 0 and ({{ count }}) < {{ policy_setting(policy, 'hide_to', "'infinity'::double") }} + 1, false)
{%- endmacro %}

{% macro count_shown(count, policy) -%}
  (case when not {{ count_is_hidden(count, policy) }} then {{ count_rounded(count, policy) }} end)
{%- endmacro %}

{% macro count_rounded(count, policy) -%}
  (case when ({{ count }}) <= {{ policy_setting(policy, 'lump_to', 'NULL') }} then 5
    when {{ policy_setting(policy, 'round_to', 5) }} = 5 then 5 * floor((({{ count }}) + 2) / 5)
    else ({{ count }}) end)::double
{%- endmacro %}

{# Largest distance between a count and what is shown of it: 2 when rounded to 5; a shown 0 is exact. #}
{% macro rounding_slack(count, policy) -%}
  (case when ({{ count }}) = 0 or {{ policy_setting(policy, 'round_to', 5) }} = 1 then 0 else 2 end)
{%- endmacro %}
