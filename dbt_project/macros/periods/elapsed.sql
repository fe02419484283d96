{#
  Time between two moments that are given in local time (Europe/London), in seconds: what a clock that nobody
  changes would have measured. Wall clocks give 80 minutes for 20 in the night in which they go forward, and 50
  for 110 in the night in which they go back.

  An hour that is skipped (01:00 to 02:00 on the last Sunday of March) has no moment, and one that comes twice (of
  October) has two. Of the possible lengths of time only those that are not negative count; the result is
  empty unless just one is left.
#}
{% macro elapsed_seconds(from_moment, to_moment) -%}
  case when not ({{ is_clock_change(from_moment) }} or {{ is_clock_change(to_moment) }})
    then date_diff('second', {{ in_utc(from_moment) }}, {{ in_utc(to_moment) }})
  else {{ only_length(possible_moments(from_moment), possible_moments(to_moment)) }} end
{%- endmacro %}

{# An empty moment is in no hour. #}
{% macro is_clock_change(moment) -%}
  coalesce(hour({{ moment }}) = 1 and month({{ moment }}) in (3, 10) and day({{ moment }}) >= 25
    and dayofweek({{ moment }}) = 0, false)
{%- endmacro %}

{% macro in_utc(moment) -%}
  timezone('UTC', timezone('Europe/London', {{ moment }}))
{%- endmacro %}

{% macro possible_moments(moment) -%}
  case when not {{ is_clock_change(moment) }} then [{{ in_utc(moment) }}]
    when month({{ moment }}) = 10 then [({{ moment }}) - interval 1 hour, {{ moment }}]
    else [] end
{%- endmacro %}

{% macro only_length(from_moments, to_moments) -%}
  {%- set lengths -%}
    list_distinct(list_filter(flatten(list_transform({{ from_moments }}, lambda f:
      list_transform({{ to_moments }}, lambda t: date_diff('second', f, t)))), lambda s: s >= 0))
  {%- endset -%}
  case len({{ lengths }}) when 1 then ({{ lengths }})[1] end
{%- endmacro %}
