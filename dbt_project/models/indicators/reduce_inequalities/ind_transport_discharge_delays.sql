-- Patients of Bassetlaw Hospital on a weekly census who wait for transport, by month of the list: for the hospital,
-- and for the district that it serves. A month without one, but with a census, counts 0.
with

census as (
    select
        cast(date_trunc('month', list_date) as date) as month_start,
        site,
        count(*) filter (where no_ctr_reason ilike '%transport%') as patients
    from {{ ref('stg_hospital__dbth_discharge_census') }}
    where site = 'RP5BA'
    group by all
)

select
    month_start as period_start,
    unnest([site, '{{ var("district_code") }}']) as area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    patients as numerator,
    cast(null as bigint) as denominator
from census
