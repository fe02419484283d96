-- Grain: event × measure. What people used the hospital for: unplanned first attendances, emergency admissions, and the
-- nights of every stay, in the month they began. A stay without a discharge has no nights yet.
with

attendances as (select * from {{ ref('int_ed_attendance') }}),

spells as (
    select
        *,
        cast(date_trunc('month', admission_date) as date) as month_start,
        admission_method like '2%' as is_emergency,
        patient_classification in ('3', '4') as is_regular_attender
    from {{ ref('stg_hospital__dbth_apc') }}
    where episode_number = 1
)

select 'ae_attendances' as measure, attendance_key as event_key, person_key, month_start, 1 as quantity
from attendances
where is_emergency_department and is_unplanned_first

union all

select 'emergency_admissions', spell_key, person_key, month_start, 1
from spells
where is_emergency and not is_regular_attender

union all

select 'bed_days', spell_key, person_key, month_start, discharge_date - admission_date
from spells
where discharge_date > admission_date and not is_regular_attender
