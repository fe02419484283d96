{#
  Names of periods. `start` and `end_date` are the first and the last day.

  period_id     2019-04 · FY2019-20-Q1 · FY2019-20 · CY2019 · SY2019-20 (school year) · R12-2020-03 (last month) ·
                P3-2016-2018 (calendar years) · P3-FY2016-17-FY2018-19 (financial years) · P3-SY2016-17-SY2018-19;
                pooled_5y alike with P5
  period_label  April 2019 · April to June 2019 · 2019/20 · 2019 · school year 2019/20 · 12 months to March 2020 ·
                2016 to 2018 · 2016/17 to 2018/19 · school years 2016/17 to 2018/19
#}
{% macro period_id(period_type, start, end_date) -%}
  CASE {{ period_type }}
    WHEN 'month' THEN strftime({{ start }}, '%Y-%m')
    WHEN 'quarter' THEN {{ financial_year_id(start) }} || '-Q' || ((month({{ start }}) + 8) % 12 // 3 + 1)
    WHEN 'financial_year' THEN {{ financial_year_id(start) }}
    WHEN 'calendar_year' THEN 'CY' || year({{ start }})
    WHEN 'school_year' THEN {{ school_year_id(start) }}
    WHEN 'rolling_12m' THEN 'R12-' || strftime({{ end_date }}, '%Y-%m')
    ELSE upper({{ period_type }}[1]) || {{ period_type }}[8] || '-' || CASE month({{ start }})
      WHEN 1 THEN year({{ start }}) || '-' || year({{ end_date }})
      WHEN 9 THEN {{ school_year_id(start) }} || '-' || {{ school_year_id(end_date) }}
      ELSE {{ financial_year_id(start) }} || '-' || {{ financial_year_id(end_date) }} END
  END
{%- endmacro %}

{% macro period_label(period_type, start, end_date) -%}
  CASE {{ period_type }}
    WHEN 'month' THEN strftime({{ start }}, '%B %Y')
    WHEN 'quarter' THEN strftime({{ start }}, '%B') || ' to ' || strftime({{ end_date }}, '%B %Y')
    WHEN 'financial_year' THEN {{ financial_year_label(start) }}
    WHEN 'calendar_year' THEN year({{ start }})::VARCHAR
    WHEN 'school_year' THEN 'school year ' || {{ school_year_label(start) }}
    WHEN 'rolling_12m' THEN '12 months to ' || strftime({{ end_date }}, '%B %Y')
    ELSE CASE month({{ start }})
      WHEN 1 THEN year({{ start }}) || ' to ' || year({{ end_date }})
      WHEN 9 THEN 'school years ' || {{ school_year_label(start) }} || ' to ' || {{ school_year_label(end_date) }}
      ELSE {{ financial_year_label(start) }} || ' to ' || {{ financial_year_label(end_date) }} END
  END
{%- endmacro %}

{# The financial year a day lies in, April to March: FY2019-20. #}
{% macro financial_year_id(day) -%}
  'FY' || year({{ day }} - INTERVAL 3 MONTH) || '-' || strftime({{ day }} + INTERVAL 9 MONTH, '%y')
{%- endmacro %}

{% macro financial_year_label(day) -%}
  year({{ day }} - INTERVAL 3 MONTH) || '/' || strftime({{ day }} + INTERVAL 9 MONTH, '%y')
{%- endmacro %}

{# The school year a day lies in, September to August: SY2019-20. #}
{% macro school_year_id(day) -%}
  'SY' || year({{ day }} - INTERVAL 8 MONTH) || '-' || strftime({{ day }} + INTERVAL 4 MONTH, '%y')
{%- endmacro %}

{% macro school_year_label(day) -%}
  year({{ day }} - INTERVAL 8 MONTH) || '/' || strftime({{ day }} + INTERVAL 4 MONTH, '%y')
{%- endmacro %}

{# Three years from a day on: 2016/17 to 2018/19 · 2016 to 2018 · school years 2016/17 to 2018/19 #}
{% macro pool_label(start) -%}
  {{ period_label("'pooled_3y'", start, '(' ~ start ~ ' + INTERVAL 36 MONTH - INTERVAL 1 DAY)') }}
{%- endmacro %}
