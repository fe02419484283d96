-- Grain: extract × series × area × sex × age × period. Every published figure of a whole area in one form, its period
-- parsed. Parts of areas (deprivation deciles and other categories) are left out.
WITH figure AS (
    SELECT
        'ohid_fingertips' AS extract, indicator_id::VARCHAR AS series, indicator_name AS series_name, area_code, lower(sex) AS sex, age, time_period,
        value, ci95_lower, ci95_upper, ci998_lower, ci998_upper, count AS numerator, denominator, value_note AS note
    FROM {{ ref('stg_public__ohid_fingertips') }}
    WHERE category_type IS NULL
    UNION ALL BY NAME
    SELECT
        'active_lives_la' AS extract, measure AS series, area_code, survey_year AS time_period,
        value, ci95_lower, ci95_upper, base AS denominator, note
    FROM {{ ref('stg_public__active_lives_la') }}
    UNION ALL BY NAME
    SELECT
        'aps_smoking_la' AS extract, 'all' AS series, area_code, year::VARCHAR AS time_period,
        value, ci95_lower, ci95_upper, base AS denominator, note
    FROM {{ ref('stg_public__aps_smoking_la') }}
    UNION ALL BY NAME
    SELECT
        'cancer_survival_ccg' AS extract, 'all' AS series, area_code, diagnosis_year::VARCHAR AS time_period,
        value, ci95_lower, ci95_upper, base AS denominator, note
    FROM {{ ref('stg_public__cancer_survival_ccg') }}
    UNION ALL BY NAME
    SELECT
        'nhs_staff_survey' AS extract, theme AS series, org_code AS area_code, survey_year::VARCHAR AS time_period,
        value, ci95_lower, ci95_upper, base AS denominator, note
    FROM {{ ref('stg_public__nhs_staff_survey') }}
    UNION ALL BY NAME
    -- Shares are published for large areas; where only children are given, the share is worked out here instead.
    SELECT
        'dwp_children_oow' AS extract, 'all' AS series, area_code, year(snapshot_date)::VARCHAR AS time_period,
        value, children AS numerator, note
    FROM {{ ref('stg_public__dwp_children_oow') }}
    WHERE value IS NOT NULL
)

SELECT
    * REPLACE (coalesce(sex, 'persons') AS sex, coalesce(age, '') AS age),
    {{ published_period('time_period') }} AS period
FROM figure
