{# Counts of measured and obese children of one class ('R' or '6') by school year; see ind_childhood_obesity_*. #}
{% macro obese_children(class) -%}
select
    school_year_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    cast(null as varchar) as age_band,
    count(*) filter (where is_obese) as numerator,
    count(*) as denominator
from {{ ref('int_child_measurement') }}
where school_year = '{{ class }}'
group by all
{%- endmacro %}
