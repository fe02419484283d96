{#
  Time between two moments that are given in local time (Europe/London), in seconds: what a clock that nobody
  changes would have measured. Wall clocks give 80 minutes for 20 in the night in which they go forward, and 50
  for 110 in the night in which they go back.

  An hour that is skipped (01:00 to 02:00 on the last Sunday of March) has no moment, and one that comes twice (of
  October) has two. Of the possible lengths of time only those that are not negative count; the result is
  empty unless just one is left.
#}
{% macro elapsed_seconds(from_moment, to_moment) -%}
  CASE WHEN NOT ({{ is_clock_change(from_moment) }} OR {{ is_clock_change(to_moment) }})
    THEN date_diff('second', {{ in_utc(from_moment) }}, {{ in_utc(to_moment) }})
  ELSE {{ only_length(possible_moments(from_moment), possible_moments(to_moment)) }} END
{%- endmacro %}

{# An empty moment is in no hour. #}
{% macro is_clock_change(moment) -%}
  coalesce(hour({{ moment }}) = 1 AND month({{ moment }}) IN (3, 10) AND day({{ moment }}) >= 25
    AND dayofweek({{ moment }}) = 0, FALSE)
{%- endmacro %}

{% macro in_utc(moment) -%}
  timezone('UTC', timezone('Europe/London', {{ moment }}))
{%- endmacro %}

{% macro possible_moments(moment) -%}
  CASE WHEN NOT {{ is_clock_change(moment) }} THEN [{{ in_utc(moment) }}]
    WHEN month({{ moment }}) = 10 THEN [({{ moment }}) - INTERVAL 1 HOUR, {{ moment }}]
    ELSE [] END
{%- endmacro %}

{% macro only_length(from_moments, to_moments) -%}
  {%- set lengths -%}
    list_distinct(list_filter(flatten(list_transform({{ from_moments }}, lambda f:
      list_transform({{ to_moments }}, lambda t: date_diff('second', f, t)))), lambda s: s >= 0))
  {%- endset -%}
  CASE len({{ lengths }}) WHEN 1 THEN ({{ lengths }})[1] END
{%- endmacro %}
