-- Grain: one row per value (indicator, area, period, sex, age band).
-- Primary suppression and rounding of the counts, by the indicator's policy; figures NHS England or ONS publish for
-- the same area are left as published. Of sensitive subjects nobody and everybody of a small group are hidden like a few.
-- Where the registry says so the areas behind a gap stay restricted: naming the two wards or giving their counts could
-- identify deaths. So do the wards with a prison or a secure hospital, of deaths and mental health.
WITH value AS (SELECT * FROM {{ ref('fct_indicator_value_all') }}),

indicator AS (SELECT * FROM {{ ref('int_indicator') }}),

area AS (SELECT area_code, area_type, institution FROM {{ ref('int_area') }}),

policed AS (
    SELECT
        value.*,
        CASE value.value_status WHEN 'official' THEN 'official' ELSE indicator.policy END AS policy,
        list_contains(indicator.restricted_areas, area.area_type)
            OR (indicator.keeps_institutions_back AND area.institution IS NOT NULL) AS restricted_only,
        list_contains(indicator.restricted_areas, area.area_type) AS is_behind_gap,
        value.method = 'dsr' AND value.numerator > 0 AND value.numerator < 10 AS too_few_to_standardise,
        value.method IN ('proportion', 'growth', 'ratio') AND NOT indicator.denominator_is_occasions
            AS denominator_is_count,
        indicator.is_sensitive AND value.value_status <> 'official' AND {{ small_group('value.denominator') }} AS in_small_group
    FROM value
    JOIN indicator USING (indicator_id)
    JOIN area USING (area_code)
),

hidden AS (
    SELECT
        *,
        {{ count_is_hidden('numerator', 'policy') }} OR too_few_to_standardise OR (in_small_group AND numerator = 0)
            AS numerator_hidden,
        denominator_is_count AND {{ count_is_hidden('denominator', 'policy') }} AS denominator_hidden,
        method = 'proportion' AND ({{ count_is_hidden('denominator - numerator', 'policy') }}
            OR (in_small_group AND denominator = numerator)) AS complement_hidden,
        -- A practice that has closed: told as such, and not lumped with the small ones.
        denominator_is_count AND numerator = 0 AND denominator = 0 AS is_empty
    FROM policed
)

SELECT
    * EXCLUDE (too_few_to_standardise),
    CASE WHEN numerator_hidden OR restricted_only THEN NULL
        WHEN is_empty THEN 0
        ELSE {{ count_rounded('numerator', 'policy') }} END AS numerator_shown,
    CASE WHEN denominator_hidden OR restricted_only THEN NULL
        WHEN is_empty THEN 0
        WHEN denominator_is_count THEN {{ count_rounded('denominator', 'policy') }}
        ELSE denominator END AS denominator_shown,
    {{ policy_setting('policy', 'round_to', 5) }} > 1 AS rounded,
    {{ rounding_slack('numerator', 'policy') }} AS slack,
    {{ policy_setting('policy', 'hide_to', 7) }} + 1 AS least_shown,
    CASE WHEN method = 'dsr' THEN greatest(9, {{ policy_setting('policy', 'hide_to', 7) }})
        ELSE {{ policy_setting('policy', 'hide_to', 7) }} END AS most_hidden
FROM hidden
