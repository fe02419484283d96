-- Trips to a general practice or a hospital by month, for the district as a whole.
select
    cast(date_trunc('month', trip_date) as date) as period_start,
    '{{ var("district_code") }}' as area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from {{ ref('stg_bcvs__bcvs_trips') }}
where purpose in ('GP', 'hospital')
group by all
