{#
  Whether support follows a spell of reablement: it began during the spell or in the seven days after it, and outlasts
  it. `support` and `spell` are table names with started_on and ended_on; an open support has no end.
#}
{% macro follows(support, spell) -%}
  ({{ support }}.started_on between {{ spell }}.started_on and {{ spell }}.ended_on + 7
    and ({{ support }}.ended_on is null or {{ support }}.ended_on > {{ spell }}.ended_on))
{%- endmacro %}
