{#
  The month a practice return speaks of, as its first day; of a quarter or a financial year the last month.

  period      as written: Apr-19 · 2019-04-01 (a cell Excel has made a date) · 2019-20 Q1 · Q1 2019-20 · Q1 · 2019-20
  pack_month  month of the pack: `Q1` alone is the latest one that has begun by then
  NULL for anything else.
#}
{% macro month_of_return(period, pack_month) -%}
  {%- set year = "regexp_extract(" ~ period ~ ", '([0-9]{4})-[0-9]{2}', 1)::integer" -%}
  {%- set quarter = "regexp_extract(" ~ period ~ ", 'Q([1-4])', 1)::integer" -%}
  {%- set year_of_pack = "year(" ~ pack_month ~ " - interval 3 month)" -%}
  {%- set of_pack = month_of_quarter(year_of_pack, quarter) -%}
  (case
    when regexp_full_match({{ period }}, '[A-Za-z]{3}-[0-9]{2}') then try_strptime('01-' || {{ period }}, '%d-%b-%y')
    when regexp_matches({{ period }}, '^[0-9]{4}-[0-9]{2}-[0-9]{2}')
      then date_trunc('month', try_cast(left({{ period }}, 10) as date))
    when regexp_full_match({{ period }}, 'Q[1-4]')
      then case when {{ of_pack }} - interval 2 month > {{ pack_month }} then {{ of_pack }} - interval 12 month
        else {{ of_pack }} end
    when {{ period }} like '%Q%' then {{ month_of_quarter(year, quarter) }}
    when regexp_full_match({{ period }}, '[0-9]{4}-[0-9]{2}') then make_date({{ year }} + 1, 3, 1)
  end)::date
{%- endmacro %}

{# Last month of a quarter of the financial year that begins in a calendar year. #}
{% macro month_of_quarter(year, quarter) -%}
  (make_date({{ year }}, 4, 1) + to_months(3 * {{ quarter }} - 1))
{%- endmacro %}
