{#
  A number of an indicator as it may be published. The rules stand in dbt_project/precision.yml.

  kind    figure (value and limits), average (mean and limits of a chart), ward_gap, deprivation_gap, gap_events,
          chi_square or p_value
  method  column with the method of the row; `published` where a figure is shown as published elsewhere
  named   column with the rule the registry entry names instead of that of its method, or NULL
  events  column with the published count behind the number; a standardised rate of few events has fewer figures
#}
{% macro published_number(kind, number, method, named='NULL', events='NULL') -%}
  {%- set of_method = precision_of_kinds()[kind] -%}
  (case
    {%- if kind not in kinds_of_one_rule() and named != 'NULL' %}{% for rule in rules_of_indicators() %}
    when {{ named }} = '{{ rule }}' and {{ method }} <> 'published' then {{ rounded_by(rule, number, events) }}
    {%- endfor %}{% endif %}
    {%- for method_name, rule in of_method.items() %}
    when {{ method }} = '{{ method_name }}' then {{ rounded_by(rule, number, events) }}
    {%- endfor %} end)
{%- endmacro %}
