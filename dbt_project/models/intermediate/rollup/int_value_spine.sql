-- Grain: one row per value that is expected: indicator × area × period × sex or age group it is calculated for, from the month the
-- registry says its data start to the day its series ended, and every published figure of the same measure besides. What is calculated here is not
-- replaced by what is published. Nothing is dropped later; what is missing gets a status.
WITH indicator AS (SELECT * FROM {{ ref('int_indicator') }}),

area AS (SELECT area_code, area_type, imd_vintage FROM {{ ref('int_area') }}),

period AS (SELECT * FROM {{ ref('int_period') }}),

yearly AS (
    SELECT DISTINCT supply.indicator_id, period.period_id
    FROM {{ ref('int_indicator_supply') }} AS supply
    JOIN indicator ON indicator.indicator_id = supply.indicator_id AND indicator.is_yearly
    JOIN period ON supply.month_start BETWEEN period.period_start AND period.period_end
),

official AS (SELECT indicator_id, area_code, period_id, sex, 'all' AS age_band FROM {{ ref('int_official_value') }}),

-- Once a period is published for any area, it is expected of every area of a published indicator.
published AS (
    SELECT * FROM official
    UNION
    SELECT official.indicator_id, area.area_code, official.period_id, official.sex, official.age_band
    FROM official
    JOIN indicator ON indicator.indicator_id = official.indicator_id AND indicator.method = 'published'
    JOIN area ON list_contains(indicator.areas, area.area_type)
    WHERE area.area_type <> 'provider'
        OR (official.indicator_id, area.area_code) IN (SELECT (indicator_id, area_code) FROM official)
),

calculated AS (
    SELECT
        indicator.indicator_id, area.area_code, period.period_id, people.sex, people.age_band,
        list_contains(indicator.official_areas, area.area_type) AS is_official,
        CASE WHEN is_official THEN area.area_code ELSE 'local' END AS source
    FROM indicator
    CROSS JOIN unnest(
        list_transform(indicator.sexes, lambda x: {'sex': x, 'age_band': 'all'})
        || list_transform(indicator.age_groups, lambda x: {'sex': 'persons', 'age_band': x})) AS part (people)
    JOIN area ON list_contains(indicator.areas, area.area_type)
    JOIN period
        ON list_contains(indicator.periods, period.period_type)
        AND period.period_start >= date_trunc('month', indicator.starts)
        AND (period.period_type NOT LIKE 'pooled%' OR period.year_type = indicator.pooled_years)
        -- Quintiles of the one index that holds for the period.
        AND coalesce(area.imd_vintage = {{ imd_vintage('period.period_start', 'period.period_end') }}, TRUE)
    WHERE indicator.method <> 'published'
        AND (period.is_local
            OR (indicator.indicator_id, period.period_id) IN (SELECT (indicator_id, period_id) FROM yearly))
        -- Official counts of an area come without ages.
        AND (people.age_band = 'all' OR NOT list_contains(indicator.official_areas, area.area_type))
),

expected AS (
    SELECT *, FALSE AS is_published FROM calculated
    UNION ALL
    SELECT published.*, TRUE, 'published', TRUE
    FROM published
    ANTI JOIN calculated USING (indicator_id, area_code, period_id)
)

SELECT
    expected.indicator_id,
    expected.area_code,
    expected.period_id,
    expected.sex,
    expected.age_band,
    area.area_type,
    period.period_type,
    period.period_start,
    period.period_end,
    period.months,
    expected.is_official,
    expected.is_published,
    expected.source
FROM expected
JOIN area ON area.area_code = expected.area_code
JOIN period ON period.period_id = expected.period_id
JOIN indicator ON indicator.indicator_id = expected.indicator_id AND period.period_start <= indicator.ends
