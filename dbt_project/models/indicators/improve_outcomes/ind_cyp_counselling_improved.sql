-- Closed teenage counselling cases with life satisfaction at both ends, and those at least one point better, by month
-- of closure.
with

cases as (select * from {{ ref('stg_bcvs__bcvs_social_prescribing') }}),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }})

select
    cast(date_trunc('month', cases.closed_date) as date) as period_start,
    lsoas.lsoa11_code as area_code,
    practices.pcn_code,
    cases.sex,
    {{ age_band('cases.age') }} as age_band,
    count(*) filter (
        where cases.satisfaction_end - cases.satisfaction_start
            >= {{ indicator_parameter('cyp_counselling_improved', 'minimum_gain') }}
    ) as numerator,
    count(*) as denominator
from cases
left join practices on cases.gp_practice = practices.practice_code
left join lsoas on cases.lsoa11 = lsoas.lsoa11_code
where cases.service_type = 'teenage_counselling'
    and cases.closed_date is not null
    and cases.satisfaction_start is not null and cases.satisfaction_end is not null
group by all
