{#
  Age groups. `age` is an expression of completed years.

  age_band       five-year band of the European standard population: '0-4' .. '85-89', '90+'; NULL stays NULL
  age_from       lowest age of the group the population is kept in: five-year bands, with 15-19 split at 16 and
                 18 so that 16+ and 18+ can be summed without an assumption
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
    when {{ age }} in (16, 17) then 16
    when {{ age }} in (18, 19) then 18
    else {{ band_start(age) }}
  end
{%- endmacro %}

{% macro band_start(age) -%}
  cast(floor({{ age }} / 5.0) * 5 as integer)
{%- endmacro %}
