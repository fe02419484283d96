-- Grain: person × day. Patient activation scores from practice registers and social prescribing; a score repeated in
-- later snapshots, or sent by both, is one measurement.
with

cases as (select * from {{ ref('int_social_prescribing_case') }}),

register as (select * from {{ ref('int_register') }}),

scores as (
    select person_or_case_key, pam_date_start as measured_on, pam_score_start as score,
        lsoa11, pcn_code, sex, age_band, null as snapshot_date
    from cases
    union all
    select person_or_case_key, pam_date_end, pam_score_end, lsoa11, pcn_code, sex, age_band, null
    from cases
    union all
    select person_key, pam_date, pam_score, lsoa11, pcn_code, sex, {{ age_band('age') }}, snapshot_date
    from register
)

select person_or_case_key, measured_on, score, lsoa11, pcn_code, sex, age_band
from scores
where person_or_case_key is not null and measured_on is not null and score is not null
-- The provider of the support counts before the register, then the newest snapshot.
qualify row_number() over (
    partition by person_or_case_key, measured_on order by snapshot_date desc nulls first, score
) = 1
