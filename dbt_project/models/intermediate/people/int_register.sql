-- Grain: snapshot × person. A person on two lists counts where they registered last; people without a usable NHS
-- number cannot be compared and all stay.
with

register as (select * from {{ ref('stg_ccg__ccg_gp_population') }}),

practices as (select * from {{ ref('gp_practice') }}),

lsoas as (select * from {{ ref('lsoa11') }})

select
    register.snapshot_date,
    register.person_key,
    practices.practice_code as gp_practice,
    practices.pcn_code,
    lsoas.lsoa11_code as lsoa11,
    register.sex,
    register.age,
    coalesce(list_contains(string_split(register.qof_registers, '|'), 'DEM'), false) as has_dementia,
    register.dementia_review_date,
    register.efi_score,
    register.frailty_code,
    register.frailty_review_date,
    register.smoking_status_code,
    register.smoking_status_date,
    register.pam_score,
    register.pam_date
from register
left join practices on register.gp_practice = practices.practice_code
left join lsoas on register.lsoa11 = lsoas.lsoa11_code
qualify register.person_key is null or row_number() over (
    partition by register.snapshot_date, register.person_key
    order by register.date_of_registration desc nulls last, register.gp_practice
) = 1
