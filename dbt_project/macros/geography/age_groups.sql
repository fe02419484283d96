{#
  Age groups. `age` is an expression of completed years.

  age_band         five-year band of the European standard population: '0-4' .. '85-89', '90+'; NULL stays NULL
  age_from         lowest age of the group the population is kept in: five-year bands, with 0-4 split at 1 for life
                   tables, and 15-19 at 16 and 18 so that 16+ and 18+ can be summed without an assumption
  life_table_band  band of an abridged life table: '0', '1-4', '5-9' .. '85-89', '90+'; from an age or an age_from
#}
{% macro age_band(age) -%}
  case
    when {{ age }} is null or {{ age }} < 0 then null
    when {{ age }} >= 90 then '90+'
    else cast({{ band_start(age) }} as varchar) || '-' || cast({{ band_start(age) }} + 4 as varchar)
  end
{%- endmacro %}

{% macro age_from(age) -%}
  case
    when {{ age }} is null or {{ age }} < 0 then null
    when {{ age }} >= 90 then 90
    when {{ age }} between 1 and 4 then 1
    when {{ age }} in (16, 17) then 16
    when {{ age }} in (18, 19) then 18
    else {{ band_start(age) }}
  end
{%- endmacro %}

{% macro life_table_band(age) -%}
  case when {{ age }} = 0 then '0' when {{ age }} between 1 and 4 then '1-4' else {{ age_band(age) }} end
{%- endmacro %}

{% macro band_start(age) -%}
  cast(floor({{ age }} / 5.0) * 5 as integer)
{%- endmacro %}
