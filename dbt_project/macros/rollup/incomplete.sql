{#
  Why a figure is not there yet, or not complete; in words. Columns of fct_indicator_value_all.

  reason_not_followed_up   outcomes that cannot be known yet: there is no figure
  reason_incomplete        events that come with later files: the figure is shown, without a verdict
#}
{% macro reason_not_followed_up() -%}
  CASE months_needed WHEN 1 THEN 'cannot be counted so far'
    ELSE months_followed_up || ' of ' || months_needed || ' months can be counted so far' END
  || ': the outcome ' || follow_up || ' after the event is not known' || CASE months_needed WHEN 1 THEN ' yet' ELSE ' for the rest' END
{%- endmacro %}

{% macro reason_incomplete() -%}
  CASE months_needed WHEN 1 THEN 'not complete' ELSE months_complete || ' of ' || months_needed || ' months are complete' END
  || ': some events come with later files'
  || coalesce('; about ' || floor(round(100 * likely_completeness, 1))::INTEGER || '% are likely to have come', '')
{%- endmacro %}
