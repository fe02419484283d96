-- Grain: attendance. lsoa11 only where it lies in Bassetlaw, pcn_code only for its practices.
with

attendances as (select * from {{ ref('stg_hospital__dbth_ecds') }}),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }})

select
    attendances.attendance_key,
    attendances.person_key,
    cast(date_trunc('month', attendances.arrival_at) as date) as month_start,
    attendances.site,
    lsoas.lsoa11_code as lsoa11,
    practices.pcn_code,
    attendances.sex,
    {{ age_band('attendances.age') }} as age_band,
    -- Type 05 (same-day emergency care) is not an emergency department.
    attendances.department_type in ('01', '02', '03', '04') as is_emergency_department,
    attendances.attendance_category = '1' as is_unplanned_first,
    coalesce(attendances.attendance_category = '4', false) as is_planned_follow_up,
    attendances.seconds_in_department
from attendances
left join practices on attendances.gp_practice = practices.practice_code
left join lsoas on attendances.lsoa11 = lsoas.lsoa11_code
