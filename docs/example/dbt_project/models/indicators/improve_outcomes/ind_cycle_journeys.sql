-- Bicycles counted, by month.
select
    cast(date_trunc('month', day) as date) as period_start,
    lsoa11 as area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    sum(bicycles) as numerator,
    cast(null as bigint) as denominator
from {{ ref('stg_district_council__bdc_cycle_counts') }}
group by all
