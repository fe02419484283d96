{# Counts of deaths under 75 of one group of causes; `cause` is a flag of int_death. #}
{% macro deaths_under_75(cause) -%}
select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_death') }}
where age < 75 and {{ cause }}
group by all
{%- endmacro %}
