-- Grain: hospital spell that has ended, described by its last episode.
select
    provider,
    spell_key,
    person_key,
    age,
    admission_date as admitted_on,
    discharge_date as discharged_on,
    admission_method in ('31', '32', '82', '83') as is_maternity,
    coalesce(discharge_method in ('4', '5'), false) as is_death
from {{ ref('stg_hospital__dbth_apc') }}
where discharge_date is not null
qualify row_number() over (partition by provider, spell_key order by episode_number desc) = 1
