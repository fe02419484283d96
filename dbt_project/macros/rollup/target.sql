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
  CASE WHEN {{ row }}.target_date > {{ row }}.first_end THEN
    {{ row }}.first_shown + ({{ row }}.target_value - {{ row }}.first_shown)
      * least(1, ({{ row }}.period_end - {{ row }}.first_end) / ({{ row }}.target_date - {{ row }}.first_end)::DOUBLE) END
{%- endmacro %}

{# How many steps of the trend lie between the end of the period and the target's date. #}
{% macro steps_ahead(row) -%}
  (greatest(0, {{ row }}.target_date - {{ row }}.period_end) / 365.25 * 12
    / {{ months_between_comparisons(row ~ '.period_type') }})
{%- endmacro %}

{% macro projection(row, trend) -%}
  CASE WHEN {{ row }}.target_date IS NOT NULL THEN {{ row }}.value + {{ trend }}.slope * {{ steps_ahead(row) }} END
{%- endmacro %}

{% macro projection_margin(row, trend) -%}
  {{ z_value(0.95) }} * {{ trend }}.slope_se * {{ steps_ahead(row) }}
{%- endmacro %}

{% macro target_status(value, lower, upper, target, direction) -%}
  CASE WHEN {{ lower }} < {{ target }} AND {{ upper }} > {{ target }} THEN 'too_close_to_call'
    WHEN ({{ value }} >= {{ target }}) = ({{ direction }} = 'up') OR {{ value }} = {{ target }} THEN 'met'
    ELSE 'not_met' END
{%- endmacro %}

{# Columns of fct_target_progress: assurance, projected_value, projected_margin, target_value, direction. #}
{% macro target_likelihood() -%}
  CASE WHEN assurance = 'pass' THEN 'likely' WHEN assurance = 'fail' THEN 'unlikely'
    WHEN assurance = 'hit_or_miss' THEN 'possible'
    WHEN projected_value IS NULL THEN 'not_known'
    WHEN abs(projected_value - target_value) <= projected_margin THEN 'possible'
    WHEN (projected_value >= target_value) = (direction = 'up') THEN 'likely'
    ELSE 'unlikely' END
{%- endmacro %}
