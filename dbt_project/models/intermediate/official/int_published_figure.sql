-- Grain: extract × series × area × sex × age × period. Every published figure of a whole area in one form, its period
-- parsed. Parts of areas (deprivation deciles and other categories) are left out.
with figure as (
    select
        'ohid_fingertips' as extract, indicator_id::varchar as series, indicator_name as series_name, area_code, lower(sex) as sex, age, time_period,
        value, ci95_lower, ci95_upper, ci998_lower, ci998_upper, count as numerator, denominator, value_note as note
    from {{ ref('stg_public__ohid_fingertips') }}
    where category_type is null
    union all by name
    select
        'active_lives_la' as extract, measure as series, area_code, survey_year as time_period,
        value, ci95_lower, ci95_upper, base as denominator, note
    from {{ ref('stg_public__active_lives_la') }}
    union all by name
    select
        'aps_smoking_la' as extract, 'all' as series, area_code, year::varchar as time_period,
        value, ci95_lower, ci95_upper, base as denominator, note
    from {{ ref('stg_public__aps_smoking_la') }}
    union all by name
    select
        'cancer_survival_ccg' as extract, 'all' as series, area_code, diagnosis_year::varchar as time_period,
        value, ci95_lower, ci95_upper, base as denominator, note
    from {{ ref('stg_public__cancer_survival_ccg') }}
    union all by name
    select
        'nhs_staff_survey' as extract, theme as series, org_code as area_code, survey_year::varchar as time_period,
        value, ci95_lower, ci95_upper, base as denominator, note
    from {{ ref('stg_public__nhs_staff_survey') }}
    union all by name
    -- Shares are published for large areas; where only children are given, the share is worked out here instead.
    select
        'dwp_children_oow' as extract, 'all' as series, area_code, year(snapshot_date)::varchar as time_period,
        value, children as numerator, note
    from {{ ref('stg_public__dwp_children_oow') }}
    where value is not null
)

select
    * replace (coalesce(sex, 'persons') as sex, coalesce(age, '') as age),
    {{ published_period('time_period') }} as period
from figure
