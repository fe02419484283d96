-- Grain: hospital spell, described by its first episode. Spells whose first episode was never sent are left out.
with

episodes as (select * from {{ ref('stg_hospital__dbth_apc') }}),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }})

select
    episodes.provider,
    episodes.spell_key,
    cast(date_trunc('month', episodes.admission_date) as date) as month_start,
    lsoas.lsoa11_code as lsoa11,
    practices.pcn_code,
    episodes.sex,
    episodes.age,
    {{ age_band('episodes.age') }} as age_band,
    episodes.admission_method like '2%' as is_emergency,
    episodes.patient_classification in ('3', '4') as is_regular_attender,
    coalesce(left(episodes.primary_diagnosis, 3) between 'S00' and 'T98', false) as is_injury,
    len(list_filter(episodes.secondary_diagnoses, lambda code: left(code, 3) between 'W00' and 'W19')) > 0
        as is_fall
from episodes
left join practices on episodes.gp_practice = practices.practice_code
left join lsoas on episodes.lsoa11 = lsoas.lsoa11_code
where episodes.episode_number = 1
