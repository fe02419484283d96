{#
  Plain words for figures, for people who do not read tables: one rounding per figure, wherever it is shown. Scalar
  expressions.

  number_text    98.4 · 1,280 · 30: percentages, years, points of ten and beds to one decimal, rates to one decimal below
                 100, money per head to the penny, counts and ratios whole
  value_text     a number with its unit: '84.5%', '+2.1% on the year before', '£4.9 million', '1 journey'
  interval_text  '463 to 646'; empty without limits
  value_title    what a row of figures is called: the name of the figure, and whose it is where not everybody's
  `unit` is the registry's short_unit: the unit without what the title says already.
#}
{% macro decimals(number, unit) -%}
  case when {{ unit }} like 'GBP %' then 2
    when {{ unit }} = '%' or {{ unit }} like '\%%' escape '\' or regexp_matches({{ unit }}, '^(years|beds on|out of)') then 1
    when regexp_matches({{ unit }}, '\bper ') and abs({{ number }}) < 99.95 then 1
    else 0 end
{%- endmacro %}

{# Adding 0.0 makes a rounded -0 a 0. #}
{% macro number_text(number, unit) -%}
  case {{ decimals(number, unit) }} when 0 then format('{:,.0f}', round({{ number }}) + 0.0)
    when 1 then format('{:,.1f}', round({{ number }}, 1) + 0.0)
    else format('{:,.2f}', round({{ number }}, 2) + 0.0) end
{%- endmacro %}

{% macro value_text(number, unit) -%}
  case when {{ unit }} like 'GBP%' then {{ money_text(number, unit) }}
    when {{ unit }} like '\% change%' escape '\' then case when round({{ number }}, 1) > 0 then '+' else '' end
      || {{ number_text(number, unit) }} || replace({{ unit }}, '% change', '%')
    when left({{ unit }}, 1) = '%' then {{ number_text(number, unit) }} || {{ unit }}
    else {{ number_text(number, unit) }} || ' ' || {{ unit_text(number_text(number, unit), unit) }} end
{%- endmacro %}

{# Beside a figure of the same unit: only a sign that stands at the number is said again. A target is as declared: 85%. #}
{% macro short_value_text(number, unit, exact=false) -%}
  case when {{ unit }} = 'GBP' then {{ money_text(number, unit) }}
    when {{ unit }} like 'GBP %' then '£' || {{ number_text(number, unit) }}
    else case when {{ unit }} like '\% change%' escape '\' and round({{ number }}, 1) > 0 then '+' else '' end
      || {% if exact %}case when {{ number }} = round({{ number }}) then format('{:,.0f}', {{ number }})
        else {{ number_text(number, unit) }} end{% else %}{{ number_text(number, unit) }}{% endif %}
      || case when left({{ unit }}, 1) = '%' then '%' else '' end end
{%- endmacro %}

{# Pounds, from a million up in millions; behind money per head stands whose head. #}
{% macro money_text(number, unit) -%}
  case when round({{ number }}, case {{ unit }} when 'GBP' then 0 else 2 end) < 0 then '-' else '' end || '£'
  || case when {{ unit }} like 'GBP %' then {{ number_text('abs(' ~ number ~ ')', unit) }} || substr({{ unit }}, 4)
    when abs({{ number }}) >= 999500 then format('{:,.1f}', round(abs({{ number }}) / 1e6, 1)) || ' million'
    else format('{:,.0f}', round(abs({{ number }}))) end
{%- endmacro %}

{# One person, one day: the first word of a unit is singular behind a whole 1. #}
{% macro unit_text(number_text, unit) -%}
  case when {{ number_text }} <> '1' then {{ unit }}
    when regexp_matches({{ unit }}, '^people\b') then regexp_replace({{ unit }}, '^people', 'person')
    when regexp_matches({{ unit }}, '^children\b') then regexp_replace({{ unit }}, '^children', 'child')
    else regexp_replace({{ unit }}, '^(\w+)s\b', '\1') end
{%- endmacro %}

{% macro interval_text(lower, upper, unit) -%}
  {{ number_text(lower, unit) }} || ' to ' || {{ number_text(upper, unit) }}
{%- endmacro %}

{% macro value_title(title, sex) -%}
  {{ title }} || case {{ sex }} when 'female' then ', women' when 'male' then ', men' else '' end
{%- endmacro %}
