{#
  Names of periods. `start` and `end_date` are the first and the last day.

  period_id     2019-04 · FY2019-20-Q1 · FY2019-20 · CY2019 · SY2019-20 (school year) · R12-2020-03 (last month) ·
                P3-2016-2018 (calendar years) · P3-FY2016-17-FY2018-19 (financial years) · P3-SY2016-17-SY2018-19;
                pooled_5y alike with P5
  period_label  April 2019 · April to June 2019 · 2019/20 · 2019 · school year 2019/20 · 12 months to March 2020 ·
                2016 to 2018 · 2016/17 to 2018/19 · school years 2016/17 to 2018/19
#}
{% macro period_id(period_type, start, end_date) -%}
  case {{ period_type }}
    when 'month' then strftime({{ start }}, '%Y-%m')
    when 'quarter' then {{ financial_year_id(start) }} || '-Q' || ((month({{ start }}) + 8) % 12 // 3 + 1)
    when 'financial_year' then {{ financial_year_id(start) }}
    when 'calendar_year' then 'CY' || year({{ start }})
    when 'school_year' then {{ school_year_id(start) }}
    when 'rolling_12m' then 'R12-' || strftime({{ end_date }}, '%Y-%m')
    else upper({{ period_type }}[1]) || {{ period_type }}[8] || '-' || case month({{ start }})
      when 1 then year({{ start }}) || '-' || year({{ end_date }})
      when 9 then {{ school_year_id(start) }} || '-' || {{ school_year_id(end_date) }}
      else {{ financial_year_id(start) }} || '-' || {{ financial_year_id(end_date) }} end
  end
{%- endmacro %}

{% macro period_label(period_type, start, end_date) -%}
  case {{ period_type }}
    when 'month' then strftime({{ start }}, '%B %Y')
    when 'quarter' then strftime({{ start }}, '%B') || ' to ' || strftime({{ end_date }}, '%B %Y')
    when 'financial_year' then {{ financial_year_label(start) }}
    when 'calendar_year' then year({{ start }})::varchar
    when 'school_year' then 'school year ' || {{ school_year_label(start) }}
    when 'rolling_12m' then '12 months to ' || strftime({{ end_date }}, '%B %Y')
    else case month({{ start }})
      when 1 then year({{ start }}) || ' to ' || year({{ end_date }})
      when 9 then 'school years ' || {{ school_year_label(start) }} || ' to ' || {{ school_year_label(end_date) }}
      else {{ financial_year_label(start) }} || ' to ' || {{ financial_year_label(end_date) }} end
  end
{%- endmacro %}

{# The financial year a day lies in, April to March: FY2019-20. #}
{% macro financial_year_id(day) -%}
  'FY' || year({{ day }} - interval 3 month) || '-' || strftime({{ day }} + interval 9 month, '%y')
{%- endmacro %}

{% macro financial_year_label(day) -%}
  year({{ day }} - interval 3 month) || '/' || strftime({{ day }} + interval 9 month, '%y')
{%- endmacro %}

{# The school year a day lies in, September to August: SY2019-20. #}
{% macro school_year_id(day) -%}
  'SY' || year({{ day }} - interval 8 month) || '-' || strftime({{ day }} + interval 4 month, '%y')
{%- endmacro %}

{% macro school_year_label(day) -%}
  year({{ day }} - interval 8 month) || '/' || strftime({{ day }} + interval 4 month, '%y')
{%- endmacro %}

{# Three years from a day on: 2016/17 to 2018/19 · 2016 to 2018 · school years 2016/17 to 2018/19 #}
{% macro pool_label(start) -%}
  {{ period_label("'pooled_3y'", start, '(' ~ start ~ ' + interval 36 month - interval 1 day)') }}
{%- endmacro %}
