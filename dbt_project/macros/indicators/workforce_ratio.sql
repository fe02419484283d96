{#
  A ratio of two figures of the workforce summary, added up over the staff groups of an organisation by month. A group
  for which either figure is hidden or missing is left out of both.
#}
{% macro workforce_ratio(numerator, denominator) -%}
select
    month_start as period_start,
    org as area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    sum({{ numerator }}) as numerator,
    sum({{ denominator }}) as denominator
from {{ ref('int_workforce_month') }}
where {{ numerator }} is not null and {{ denominator }} is not null
group by all
{%- endmacro %}
