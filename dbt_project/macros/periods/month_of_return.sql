{#
  The month a practice return speaks of, as its first day; of a quarter or a financial year the last month.

  period      as written: Apr-19 · 2019-04-01 (a cell Excel has made a date) · 2019-20 Q1 · Q1 2019-20 · Q1 · 2019-20
  pack_month  month of the pack: `Q1` alone is the latest one that has begun by then
  NULL for anything else.
#}
{% macro month_of_return(period, pack_month) -%}
  {%- set year = "regexp_extract(" ~ period ~ ", '([0-9]{4})-[0-9]{2}', 1)::INTEGER" -%}
  {%- set quarter = "regexp_extract(" ~ period ~ ", 'Q([1-4])', 1)::INTEGER" -%}
  {%- set year_of_pack = "year(" ~ pack_month ~ " - INTERVAL 3 MONTH)" -%}
  {%- set of_pack = month_of_quarter(year_of_pack, quarter) -%}
  (CASE
    WHEN regexp_full_match({{ period }}, '[A-Za-z]{3}-[0-9]{2}') THEN try_strptime('01-' || {{ period }}, '%d-%b-%y')
    WHEN regexp_matches({{ period }}, '^[0-9]{4}-[0-9]{2}-[0-9]{2}')
      THEN date_trunc('month', try_cast(left({{ period }}, 10) AS DATE))
    WHEN regexp_full_match({{ period }}, 'Q[1-4]')
      THEN CASE WHEN {{ of_pack }} - INTERVAL 2 MONTH > {{ pack_month }} THEN {{ of_pack }} - INTERVAL 12 MONTH
        ELSE {{ of_pack }} END
    WHEN {{ period }} LIKE '%Q%' THEN {{ month_of_quarter(year, quarter) }}
    WHEN regexp_full_match({{ period }}, '[0-9]{4}-[0-9]{2}') THEN make_date({{ year }} + 1, 3, 1)
  END)::DATE
{%- endmacro %}

{# Last month of a quarter of the financial year that begins in a calendar year. #}
{% macro month_of_quarter(year, quarter) -%}
  (make_date({{ year }}, 4, 1) + to_months(3 * {{ quarter }} - 1))
{%- endmacro %}
