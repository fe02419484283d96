{#
  Waits of one kind that ended, by month, and those within the days of the parameter maximum_days. Patients count by
  the practice they are registered with; a wait whose start or end is not known cannot be counted.

  ended, waited  columns of int_cancer_stage: the day it ended and its length
  condition      which stages count
#}
{% macro cancer_wait(indicator_id, ended, waited, condition) -%}
select
    cast(date_trunc('month', {{ ended }}) as date) as period_start,
    practice_code as area_code,
    pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    count(*) filter (where {{ waited }} <= {{ indicator_parameter(indicator_id, 'maximum_days') }}) as numerator,
    count(*) as denominator
from {{ ref('int_cancer_stage') }}
where is_urgent_referral and {{ waited }} is not null and {{ condition }}
group by all
{%- endmacro %}
