{#
  The kinds of period: length in months and the calendar months one may start in (none: every month).
  Pooled years run over calendar, financial and school years; an indicator's registry entry says which it uses.
#}
{% macro period_types() %}
  {% do return([
    {'type': 'month', 'months': 1, 'starts': []},
    {'type': 'quarter', 'months': 3, 'starts': [1, 4, 7, 10]},
    {'type': 'financial_year', 'months': 12, 'starts': [4]},
    {'type': 'calendar_year', 'months': 12, 'starts': [1]},
    {'type': 'school_year', 'months': 12, 'starts': [9]},
    {'type': 'rolling_12m', 'months': 12, 'starts': []},
    {'type': 'pooled_3y', 'months': 36, 'starts': [1, 4, 9]},
    {'type': 'pooled_5y', 'months': 60, 'starts': [1, 4, 9]},
  ]) %}
{% endmacro %}
