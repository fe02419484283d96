-- Grain: financial year × segment × network × quintile × measure. Exact counts of the whole grid, nothing left out: 0
-- where there is nobody. People are those on the lists at the year's snapshot; the other measures need all twelve
-- months of their extract.
WITH person AS (SELECT * FROM {{ ref('int_person_segment') }}),

delivery AS (SELECT * FROM {{ ref('int_delivery') }} WHERE verdict <> 'rejected'),

activity AS (
    SELECT * FROM {{ ref('rst_segment_activity') }} UNION ALL BY NAME SELECT * FROM {{ ref('rst_segment_prescribing') }}
),

year AS (SELECT * FROM {{ ref('rst_segment_year') }}),

measure AS (
    FROM (VALUES ('people', NULL), ('emergency_admissions', 'dbth_apc'), ('ae_attendances', 'dbth_ecds'),
        ('bed_days', 'dbth_apc'), ('prescribing_cost_apportioned', 'ccg_prescribing')) AS measure (measure, extract)
),

supply AS (
    SELECT extract, {{ financial_year_id('month_start') }} AS period_id, count(DISTINCT month_start) AS months
    FROM (SELECT extract, date_trunc('month', unnest(periods)) AS month_start FROM delivery)
    GROUP BY ALL
),

people AS (
    SELECT
        year.period_id, person.segment, coalesce(person.pcn_code, 'unknown') AS pcn_code,
        coalesce(person.imd_quintile, 'unknown') AS imd_quintile, 'people' AS measure, count(*) AS quantity
    FROM person
    JOIN year ON year.snapshot_date = person.snapshot_date
    GROUP BY ALL
),

count AS (SELECT *, quantity AS people FROM people UNION ALL BY NAME SELECT * FROM activity),

place AS (SELECT DISTINCT segment, pcn_code, imd_quintile FROM count)

SELECT
    year.period_id, place.segment, place.pcn_code, place.imd_quintile, measure.measure,
    measure.extract IS NULL OR coalesce(supply.months, 0) = 12 AS is_supplied,
    coalesce(count.quantity, 0)::BIGINT AS quantity,
    coalesce(count.people, 0)::BIGINT AS people
FROM year
CROSS JOIN place
CROSS JOIN measure
LEFT JOIN supply ON supply.period_id = year.period_id AND supply.extract = measure.extract
LEFT JOIN count
    ON count.period_id = year.period_id AND count.segment = place.segment AND count.pcn_code = place.pcn_code
    AND count.imd_quintile = place.imd_quintile AND count.measure = measure.measure
