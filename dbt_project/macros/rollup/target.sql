{#
  Targets: the straight line towards one, where the recent trend leads, and what both say.

  trajectory         value on the line from the first published figure to the target on its date; NULL for a
                     standing target
  projection         the figure on the target's date if the recent trend (fct_indicator_trend) goes on; NULL without
                     a date or a trend
  projection_margin  half the width of its 95 % interval, from the error of the slope alone
  target_status      met, not_met, or too_close_to_call where the 95 % interval holds the target
  target_likelihood  likely, possible or unlikely, or not_known: a charted process by its control limits (a target
                     outside them is met always or never), anything else by the projection
#}
{% macro trajectory(row) -%}
  case when {{ row }}.target_date > {{ row }}.first_end then
    {{ row }}.first_shown + ({{ row }}.target_value - {{ row }}.first_shown)
      * least(1, ({{ row }}.period_end - {{ row }}.first_end) / ({{ row }}.target_date - {{ row }}.first_end)::double) end
{%- endmacro %}

{# How many steps of the trend lie between the end of the period and the target's date. #}
{% macro steps_ahead(row) -%}
  (greatest(0, {{ row }}.target_date - {{ row }}.period_end) / 365.25 * 12
    / {{ months_between_comparisons(row ~ '.period_type') }})
{%- endmacro %}

{% macro projection(row, trend) -%}
  case when {{ row }}.target_date is not null then {{ row }}.value + {{ trend }}.slope * {{ steps_ahead(row) }} end
{%- endmacro %}

{% macro projection_margin(row, trend) -%}
  {{ z_value(0.95) }} * {{ trend }}.slope_se * {{ steps_ahead(row) }}
{%- endmacro %}

{% macro target_status(value, lower, upper, target, direction) -%}
  case when {{ lower }} < {{ target }} and {{ upper }} > {{ target }} then 'too_close_to_call'
    when ({{ value }} >= {{ target }}) = ({{ direction }} = 'up') or {{ value }} = {{ target }} then 'met'
    else 'not_met' end
{%- endmacro %}

{# Columns of fct_target_progress: assurance, projected_value, projected_margin, target_value, direction. #}
{% macro target_likelihood() -%}
  case when assurance = 'pass' then 'likely' when assurance = 'fail' then 'unlikely'
    when assurance = 'hit_or_miss' then 'possible'
    when projected_value is null then 'not_known'
    when abs(projected_value - target_value) <= projected_margin then 'possible'
    when (projected_value >= target_value) = (direction = 'up') then 'likely'
    else 'unlikely' end
{%- endmacro %}
