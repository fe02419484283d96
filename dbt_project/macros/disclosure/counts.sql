{#
  One count through the gate. `policy` is a column or a quoted name, see policies.sql.

  count_is_hidden  TRUE for 1..hide_to (also for fractions above 0)
  count_shown      NULL when hidden; otherwise rounded: 5 * floor((n + 2) / 5) under hes2018, 5 for 0..lump_to
  Rounding happens here, once, and nothing rounded is ever summed.
#}
{% macro count_is_hidden(count, policy) -%}
  coalesce(({{ count }}) > 0 AND ({{ count }}) < {{ policy_setting(policy, 'hide_to', "'infinity'::DOUBLE") }} + 1, FALSE)
{%- endmacro %}

{% macro count_shown(count, policy) -%}
  (CASE WHEN NOT {{ count_is_hidden(count, policy) }} THEN {{ count_rounded(count, policy) }} END)
{%- endmacro %}

{% macro count_rounded(count, policy) -%}
  (CASE WHEN ({{ count }}) <= {{ policy_setting(policy, 'lump_to', 'NULL') }} THEN 5
    WHEN {{ policy_setting(policy, 'round_to', 5) }} = 5 THEN 5 * floor((({{ count }}) + 2) / 5)
    ELSE ({{ count }}) END)::DOUBLE
{%- endmacro %}

{# Largest distance between a count and what is shown of it: 2 when rounded to 5; a shown 0 is exact. #}
{% macro rounding_slack(count, policy) -%}
  (CASE WHEN ({{ count }}) = 0 OR {{ policy_setting(policy, 'round_to', 5) }} = 1 THEN 0 ELSE 2 END)
{%- endmacro %}
