-- Grain: person × month. The last score of the month beside the first one 6 weeks to 12 months earlier.
{% set threshold = indicator_parameter %}
with

measurements as (
    select
        *,
        cast(date_trunc('month', measured_on) as date) as month_start,
        case
            when score >= {{ threshold('pam_improved', 'level_4') }} then 4
            when score >= {{ threshold('pam_improved', 'level_3') }} then 3
            when score >= {{ threshold('pam_improved', 'level_2') }} then 2
            else 1
        end as level
    from {{ ref('int_pam_measurement') }}
),

last_of_month as (
    select * from measurements
    qualify row_number() over (partition by person_or_case_key, month_start order by measured_on desc) = 1
),

pairs as (
    select
        latest.*,
        arg_min(first_ones.score, first_ones.measured_on) as first_score,
        arg_min(first_ones.level, first_ones.measured_on) as first_level
    from last_of_month as latest
    inner join measurements as first_ones
        on latest.person_or_case_key = first_ones.person_or_case_key
        and first_ones.measured_on >= latest.measured_on
            - interval {{ threshold('pam_improved', 'maximum_months') }} month
        and first_ones.measured_on <= latest.measured_on
            - interval {{ threshold('pam_improved', 'minimum_weeks') }} week
    group by all
)

select
    person_or_case_key,
    month_start,
    lsoa11,
    pcn_code,
    sex,
    age_band,
    -- Scores have one decimal; without rounding 53.1 - 50.1 would fall just short of 3.
    round(score - first_score, 1) as gain,
    level - first_level as levels_gained
from pairs
