{#
  The Index of Multiple Deprivation that holds for a period, 2015 or 2019, by the day in its middle: the index of 2015 up to
  the end of 2018, that of 2019 afterwards. `start` and `end_date` are the first and the last day.
  Source: practice of the English inequality indicators; each index describes data of some years before it. One
  index for a period, so that quintiles and wards in one row are ordered alike.
#}
{% macro imd_vintage(start, end_date) -%}
  (case when {{ start }} + (({{ end_date }} - {{ start }}) // 2)::integer < date '{{ var('imd_2019_from') }}'
    then 2015 else 2019 end)
{%- endmacro %}
