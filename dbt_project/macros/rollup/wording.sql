{#
  Plain words for figures, for people who do not read tables. Scalar expressions.

  number_text   98.4 · 1,280 (no decimals from 100 up; whole numbers stay whole)
  value_text    a number with its unit: '84.5%', '+2.1% on the year before', '6 beds per day per 100,000 aged 18+'
#}
{% macro number_text(number) -%}
  CASE WHEN abs({{ number }}) >= 99.95 OR {{ number }} = round({{ number }}) THEN format('{:,.0f}', round({{ number }}))
    ELSE format('{:.1f}', {{ number }}) END
{%- endmacro %}

{% macro value_text(number, unit) -%}
  CASE WHEN {{ unit }} LIKE '\% change%' ESCAPE '\'
      THEN CASE WHEN {{ number }} > 0 THEN '+' ELSE '' END || {{ number_text(number) }} || replace({{ unit }}, '% change', '%')
    WHEN left({{ unit }}, 1) = '%' THEN {{ number_text(number) }} || {{ unit }}
    ELSE {{ number_text(number) }} || ' ' || {{ unit }} END
{%- endmacro %}

{# What a row of figures is called: the name of the figure, and whose it is where not everybody's. #}
{% macro value_title(title, sex) -%}
  {{ title }} || CASE {{ sex }} WHEN 'female' THEN ', women' WHEN 'male' THEN ', men' ELSE '' END
{%- endmacro %}
