{#
  A period as publishers write it, as {type, start, months}. Types are those of period_types, `other` for lengths
  the warehouse has no periods of. NULL when the wording is none of these:

  2017 · 2017/18 · 2015 - 17, 2013 - 2017 (calendar years) · 2015/16 - 17/18 (financial years) · 2018 Q1 ·
  2018/19 Q1 (of the financial year) · May 2018 · 31 May 2018 (its month) · Nov 2017 - Nov 2018, Nov 17-18
  (a survey year, from the middle of a month to the middle of that month: the twelve months that end with it)
#}
{% macro published_period(text) -%}
  {%- set y = "regexp_extract(t, '[0-9]{4}')::integer" -%}
  {%- set last_two = "right(t, 2)::integer" -%}
  {%- set years = "((" ~ last_two ~ " - " ~ y ~ " % 100 + 100) % 100)" -%}
  list_transform([regexp_replace(replace(trim({{ text }}), '–', '-'), ' *- *', '-')], lambda t: case
    when regexp_full_match(t, '[0-9]{4}')
      then {{ period_struct("'calendar_year'", 'make_date(' ~ y ~ ', 1, 1)', '12') }}
    when regexp_full_match(t, '[0-9]{4}/[0-9]{2}')
      then {{ period_struct("'financial_year'", 'make_date(' ~ y ~ ', 4, 1)', '12') }}
    when regexp_full_match(t, '[0-9]{4}-([0-9]{2}){1,2}')
      then {{ period_struct(pooled_type(years ~ ' + 1'), 'make_date(' ~ y ~ ', 1, 1)', '12 * (' ~ years ~ ' + 1)') }}
    when regexp_full_match(t, '[0-9]{4}/[0-9]{2}-([0-9]{2})?[0-9]{2}/[0-9]{2}')
      then {{ period_struct(pooled_type(years), 'make_date(' ~ y ~ ', 4, 1)', '12 * ' ~ years) }}
    when regexp_full_match(t, '[0-9]{4} Q[1-4]')
      then {{ period_struct("'quarter'", 'make_date(' ~ y ~ ', 3 * right(t, 1)::integer - 2, 1)', '3') }}
    when regexp_full_match(t, '[0-9]{4}/[0-9]{2} Q[1-4]')
      then {{ period_struct("'quarter'", "(make_date(" ~ y ~ ", 4, 1) + (3 * right(t, 1)::integer - 3) * interval 1 month)::date", '3') }}
    when regexp_full_match(t, '([0-9]{1,2} )?[A-Za-z]{3,9} [0-9]{4}')
      then {{ period_struct("'month'", month_named("regexp_extract(t, '[A-Za-z]{3}')", "right(t, 4)"), '1') }}
    when regexp_full_match(t, '[A-Za-z]{3,9} [0-9]{2,4}-([A-Za-z]{3,9} )?[0-9]{2,4}')
      then {{ survey_year() }}
  end)[1]
{%- endmacro %}

{% macro period_struct(type, start, months) -%}
  {'type': {{ type }}, 'start': {{ start }}, 'months': ({{ months }})::integer}
{%- endmacro %}

{% macro pooled_type(years) -%}
  case {{ years }} when 3 then 'pooled_3y' when 5 then 'pooled_5y' else 'other' end
{%- endmacro %}

{# First day of a month; its name is English, whole or in three letters. #}
{% macro month_named(name, year) -%}
  try_strptime(left({{ name }}, 3) || ' ' || {{ year }}, '%b %Y')::date
{%- endmacro %}

{# `t` runs from a month to the same month a year later, or over twelve whole months. #}
{% macro survey_year() -%}
  {%- set from_month = "regexp_extract(t, '^[A-Za-z]{3}')" -%}
  {%- set last_month = "coalesce(nullif(regexp_extract(t, '-([A-Za-z]{3})', 1), ''), " ~ from_month ~ ")" -%}
  {{ period_struct("'rolling_12m'", "(" ~ month_named(last_month, "'20' || right(t, 2)") ~ " - interval 11 month)::date", '12') }}
{%- endmacro %}
