-- Grain: measurement of one child, at the place of residence. The network is that of the list on which the child was
-- last found, otherwise the one most neighbours are with.
with

measurements as (select * from {{ ref('stg_county_council__ncc_ncmp') }}),

people as (select * from {{ ref('int_person') }}),

networks as (select * from {{ ref('int_lsoa_network') }}),

lsoas as (select * from {{ ref('lsoa11') }})

select
    measurements.measurement_key,
    measurements.school_year_start,
    measurements.school_year,
    lsoas.lsoa11_code as lsoa11,
    coalesce(people.pcn_code, networks.pcn_code) as pcn_code,
    measurements.sex,
    measurements.bmi_p_score >= {{ indicator_parameter('childhood_obesity_reception', 'centile') }} as is_obese
from measurements
left join people on measurements.person_key = people.person_key
left join networks on measurements.lsoa11 = networks.lsoa11
left join lsoas on measurements.lsoa11 = lsoas.lsoa11_code
where measurements.bmi_p_score is not null
