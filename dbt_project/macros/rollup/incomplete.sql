{#
  Why a figure is not there yet, or not complete; in words. Columns of fct_indicator_value_all.

  reason_not_followed_up   outcomes that cannot be known yet: there is no figure
  reason_incomplete        events that come with later files: the figure is shown, without a verdict
#}
{% macro reason_not_followed_up() -%}
  case months_needed when 1 then 'cannot be counted so far'
    else months_followed_up || ' of ' || months_needed || ' months can be counted so far' end
  || ': the outcome ' || follow_up || ' after the event is not known' || case months_needed when 1 then ' yet' else ' for the rest' end
{%- endmacro %}

{% macro reason_incomplete() -%}
  case months_needed when 1 then 'not complete' else months_complete || ' of ' || months_needed || ' months are complete' end
  || ': some events come with later files'
  || coalesce('; about ' || floor(round(100 * likely_completeness, 1))::integer || '% are likely to have come', '')
{%- endmacro %}
