{#
  Patients in hospital for at least so many days (parameter minimum_days), added up over the censuses of a month, and
  the number of censuses. Every weekly list carries a census: one without such a patient counts with 0.
#}
{% macro long_stays(indicator_id) -%}
with

patients as (
    select * from {{ ref('stg_hospital__dbth_discharge_census') }}
    where site = '{{ var('hospital_site') }}'
        and los_days >= {{ indicator_parameter(indicator_id, 'minimum_days') }}
),

lists as (
    select list_date from {{ ref('stg_hospital__dbth_discharge_sitrep') }}
    union
    select list_date from {{ ref('stg_hospital__dbth_discharge_census') }}
)

select
    cast(date_trunc('month', lists.list_date) as date) as period_start,
    '{{ var('hospital_site') }}' as area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    count(patients.list_date) as numerator,
    count(distinct lists.list_date) as denominator
from lists
left join patients on lists.list_date = patients.list_date
group by all
{%- endmacro %}
