-- Grain: hospital spell, described by its first episode. Spells whose first episode was never sent are left out.
-- Low-grade: an emergency of at most one night for a condition on the list of ambulatory care sensitive ones. Diagnoses
-- on that list begin with a three- or four-character code of it.
with

episodes as (select * from {{ ref('stg_hospital__dbth_apc') }}),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }}),

conditions as (select icd10_prefix from {{ ref('ambulatory_care_sensitive_condition') }}),

spells as (
    select
        *,
        admission_method like '2%' as is_emergency,
        left(primary_diagnosis, 3) in (select icd10_prefix from conditions)
            or left(primary_diagnosis, 4) in (select icd10_prefix from conditions) as is_ambulatory_care_sensitive
    from episodes
    where episode_number = 1
)

select
    spells.provider,
    spells.spell_key,
    spells.person_key,
    spells.admission_date,
    cast(date_trunc('month', spells.admission_date) as date) as month_start,
    lsoas.lsoa11_code as lsoa11,
    practices.pcn_code,
    spells.sex,
    spells.age,
    {{ age_band('spells.age') }} as age_band,
    spells.is_emergency,
    spells.patient_classification in ('3', '4') as is_regular_attender,
    coalesce(left(spells.primary_diagnosis, 3) between 'S00' and 'T98', false) as is_injury,
    len(list_filter(spells.secondary_diagnoses, lambda code: left(code, 3) between 'W00' and 'W19')) > 0
        as is_fall,
    coalesce(left(spells.primary_diagnosis, 4) in ('S720', 'S721', 'S722'), false) as is_hip_fracture,
    coalesce(
        spells.is_emergency and spells.is_ambulatory_care_sensitive
        and spells.discharge_date - spells.admission_date
            <= {{ indicator_parameter('emergency_admissions_low_grade', 'maximum_nights') }},
        false
    ) as is_low_grade
from spells
left join practices on spells.gp_practice = practices.practice_code
left join lsoas on spells.lsoa11 = lsoas.lsoa11_code
