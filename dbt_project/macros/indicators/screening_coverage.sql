{#
  Adequately screened people and those eligible, by practice and quarter; pools the screening measures given. Where a
  practice has hidden a part, its number is not known.
#}
{% macro screening_coverage(measures) -%}
select
    month_start as period_start,
    practice_code as area_code,
    pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    {{ strict_sum('numerator') }} as numerator,
    sum(denominator) as denominator
from {{ ref('int_practice_return') }}
where sheet = 'screening' and pcn_code is not null
    and measure in ({% for measure in measures %}'{{ measure }}'{{ ', ' if not loop.last }}{% endfor %})
group by all
{%- endmacro %}
