-- Grain: death registration. The network is that of the list on which the person was last found; for somebody never
-- found (who died before the first snapshot, or has no usable NHS number) it is the one most neighbours are with.
with

deaths as (select * from {{ ref('stg_county_council__ncc_pcmd_deaths') }}),

people as (select * from {{ ref('int_person') }}),

networks as (select * from {{ ref('int_lsoa_network') }}),

lsoas as (select * from {{ ref('lsoa11') }})

select
    deaths.registration_key,
    cast(date_trunc('month', deaths.registered_on) as date) as month_start,
    lsoas.lsoa11_code as lsoa11,
    coalesce(people.pcn_code, networks.pcn_code) as pcn_code,
    deaths.sex,
    deaths.age,
    {{ age_band('deaths.age') }} as age_band,
    {{ life_table_band('deaths.age') }} as life_table_band,
    left(deaths.underlying_cause, 3) between 'I00' and 'I99' as is_circulatory,
    left(deaths.underlying_cause, 3) between 'I20' and 'I25' as is_coronary_heart_disease,
    left(deaths.underlying_cause, 3) between 'J00' and 'J99' as is_respiratory,
    coalesce(
        (left(deaths.underlying_cause, 3) between 'X60' and 'X84'
            and deaths.age >= {{ indicator_parameter('suicide_rate', 'minimum_age') }})
        -- Until 2006 Y33.9 stood for a verdict that was still to come, which has a code of its own (U50.9) since.
        or (left(deaths.underlying_cause, 3) between 'Y10' and 'Y34'
            and (deaths.underlying_cause not like 'Y339%' or deaths.registered_on >= date '2007-01-01')
            and deaths.age >= {{ indicator_parameter('suicide_rate', 'minimum_age_undetermined') }}), false
    ) as is_suicide
from deaths
left join people on deaths.person_key = people.person_key
left join networks on deaths.lsoa11 = networks.lsoa11
left join lsoas on deaths.lsoa11 = lsoas.lsoa11_code
