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
  CASE WHEN {{ unit }} LIKE 'GBP %' THEN 2
    WHEN {{ unit }} = '%' OR {{ unit }} LIKE '\%%' ESCAPE '\' OR regexp_matches({{ unit }}, '^(years|beds on|out of)') THEN 1
    WHEN regexp_matches({{ unit }}, '\bper ') AND abs({{ number }}) < 99.95 THEN 1
    ELSE 0 END
{%- endmacro %}

{# Adding 0.0 makes a rounded -0 a 0. #}
{% macro number_text(number, unit) -%}
  CASE {{ decimals(number, unit) }} WHEN 0 THEN format('{:,.0f}', round({{ number }}) + 0.0)
    WHEN 1 THEN format('{:,.1f}', round({{ number }}, 1) + 0.0)
    ELSE format('{:,.2f}', round({{ number }}, 2) + 0.0) END
{%- endmacro %}

{% macro value_text(number, unit) -%}
  CASE WHEN {{ unit }} LIKE 'GBP%' THEN {{ money_text(number, unit) }}
    WHEN {{ unit }} LIKE '\% change%' ESCAPE '\' THEN CASE WHEN round({{ number }}, 1) > 0 THEN '+' ELSE '' END
      || {{ number_text(number, unit) }} || replace({{ unit }}, '% change', '%')
    WHEN left({{ unit }}, 1) = '%' THEN {{ number_text(number, unit) }} || {{ unit }}
    ELSE {{ number_text(number, unit) }} || ' ' || {{ unit_text(number_text(number, unit), unit) }} END
{%- endmacro %}

{# Beside a figure of the same unit: only a sign that stands at the number is said again. A target is as declared: 85%. #}
{% macro short_value_text(number, unit, exact=false) -%}
  CASE WHEN {{ unit }} = 'GBP' THEN {{ money_text(number, unit) }}
    WHEN {{ unit }} LIKE 'GBP %' THEN '£' || {{ number_text(number, unit) }}
    ELSE CASE WHEN {{ unit }} LIKE '\% change%' ESCAPE '\' AND round({{ number }}, 1) > 0 THEN '+' ELSE '' END
      || {% if exact %}CASE WHEN {{ number }} = round({{ number }}) THEN format('{:,.0f}', {{ number }})
        ELSE {{ number_text(number, unit) }} END{% else %}{{ number_text(number, unit) }}{% endif %}
      || CASE WHEN left({{ unit }}, 1) = '%' THEN '%' ELSE '' END END
{%- endmacro %}

{# Pounds, from a million up in millions; behind money per head stands whose head. #}
{% macro money_text(number, unit) -%}
  CASE WHEN round({{ number }}, CASE {{ unit }} WHEN 'GBP' THEN 0 ELSE 2 END) < 0 THEN '-' ELSE '' END || '£'
  || CASE WHEN {{ unit }} LIKE 'GBP %' THEN {{ number_text('abs(' ~ number ~ ')', unit) }} || substr({{ unit }}, 4)
    WHEN abs({{ number }}) >= 999500 THEN format('{:,.1f}', round(abs({{ number }}) / 1e6, 1)) || ' million'
    ELSE format('{:,.0f}', round(abs({{ number }}))) END
{%- endmacro %}

{# One person, one day: the first word of a unit is singular behind a whole 1. #}
{% macro unit_text(number_text, unit) -%}
  CASE WHEN {{ number_text }} <> '1' THEN {{ unit }}
    WHEN regexp_matches({{ unit }}, '^people\b') THEN regexp_replace({{ unit }}, '^people', 'person')
    WHEN regexp_matches({{ unit }}, '^children\b') THEN regexp_replace({{ unit }}, '^children', 'child')
    ELSE regexp_replace({{ unit }}, '^(\w+)s\b', '\1') END
{%- endmacro %}

{% macro interval_text(lower, upper, unit) -%}
  {{ number_text(lower, unit) }} || ' to ' || {{ number_text(upper, unit) }}
{%- endmacro %}

{% macro value_title(title, sex) -%}
  {{ title }} || CASE {{ sex }} WHEN 'female' THEN ', women' WHEN 'male' THEN ', men' ELSE '' END
{%- endmacro %}
