-- Grain: one row per indicator, area, month, sex and age band, of people also kind of period (from the month it begins
-- in): the counts rolled up from LSOAs and practices to areas.
-- Sex and age are kept only where the registry asks for them: five-year bands of what is standardised, groups of what
-- is broken down by age. A PCN is a list of practices, so it is counted by practice; every other area by where people live, or by itself.
-- A sum with a part that the sender has hidden is unknown: never taken for 0.
WITH count AS (SELECT * FROM {{ ref('int_indicator_counts') }}),

member AS (SELECT * FROM {{ ref('int_area_member') }}),

indicator AS (SELECT indicator_id, method, sexes, age_groups FROM {{ ref('int_indicator') }}),

age_group AS (SELECT * FROM {{ ref('int_age_group') }}),

placed AS (
    SELECT count.indicator_id, member.area_code, count.period_start, count.sex, count.age_band, count.numerator, count.denominator, count.period_type
    FROM count
    JOIN member ON member.member_code = count.area_code
    UNION ALL
    SELECT indicator_id, pcn_code, period_start, sex, age_band, numerator, denominator, period_type
    FROM count
    WHERE pcn_code IS NOT NULL
)

SELECT
    placed.indicator_id,
    placed.area_code,
    date_trunc('month', placed.period_start)::DATE AS month_start,
    placed.period_type,
    CASE WHEN indicator.sexes = ['persons'] THEN 'persons' ELSE coalesce(placed.sex, 'not known') END AS sex,
    CASE WHEN indicator.method IN ('dsr', 'smr', 'life_expectancy') THEN placed.age_band
        WHEN len(indicator.age_groups) > 0 THEN coalesce(age_group.age_group, 'not known') ELSE 'all' END AS age_band,
    -- Kept as decimals: a sum of fractions in floating point would depend on the order of the rows.
    {{ strict_sum('placed.numerator') }} AS numerator,
    sum(placed.denominator) AS denominator
FROM placed
JOIN indicator ON indicator.indicator_id = placed.indicator_id
LEFT JOIN age_group
    ON age_group.indicator_id = placed.indicator_id
    AND try_cast(regexp_extract(placed.age_band, '[0-9]+$|^90') AS INTEGER) BETWEEN age_group.youngest AND age_group.oldest
WHERE placed.period_start IS NOT NULL
GROUP BY ALL
