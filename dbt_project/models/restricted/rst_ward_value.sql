-- Grain: one row per indicator, period and ward that enters the gap between wards. Exact figures where the wards
-- themselves are not published, the published ones elsewhere: a gap of exact figures between rounded wards would
-- give the counts away. Of deaths and mental health wards with a prison or a secure hospital are left out.
WITH indicator AS (
    SELECT indicator_id, restricted_areas, headline_sex, keeps_institutions_back FROM {{ ref('int_indicator') }}
),

area AS (SELECT area_code, institution FROM {{ ref('int_area') }} WHERE area_type = 'ward'),

exact AS (SELECT * FROM {{ ref('fct_indicator_value_all') }}),

published AS (SELECT * FROM {{ ref('rst_released_value') }}),

multiplier AS (SELECT indicator_id, multiplier FROM {{ ref('int_indicator') }}),

ward AS (
    SELECT
        exact.indicator_id, exact.period_id, exact.area_code, exact.method, exact.provisional, exact.is_complete,
        list_contains(indicator.restricted_areas, 'ward') AS is_restricted,
        exact.value_status = 'not_supplied' AS is_missing,
        CASE WHEN is_restricted THEN exact.numerator ELSE published.numerator END AS numerator,
        CASE WHEN is_restricted THEN exact.denominator ELSE published.denominator END AS denominator,
        CASE WHEN is_restricted THEN exact.value ELSE published.value END AS value,
        CASE WHEN is_restricted THEN exact.ci95_lower ELSE published.ci95_lower END AS ci95_lower,
        CASE WHEN is_restricted THEN exact.ci95_upper ELSE published.ci95_upper END AS ci95_upper
    FROM exact
    JOIN indicator USING (indicator_id)
    JOIN area USING (area_code)
    JOIN published USING (indicator_id, area_code, period_id, sex, age_band)
    WHERE exact.method IN ('smr', 'crude_rate', 'proportion', 'life_expectancy')
        AND NOT (indicator.keeps_institutions_back AND area.institution IS NOT NULL)
        AND exact.sex = indicator.headline_sex AND exact.age_band = 'all'
)

SELECT ward.*, multiplier.multiplier
FROM ward
JOIN multiplier USING (indicator_id)
