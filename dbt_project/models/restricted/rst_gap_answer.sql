-- Grain: one row per indicator and period with counts by ward and year: the answer of rst_gap_closing in the unit of the
-- indicator. The gap between the two ends of the district, at its own level, is level × 2 sinh(gap / 2), gap being the
-- logarithm of their ratio; a yearly change of the gap moves it by level × cosh(gap / 2) × change.
WITH answer AS (SELECT * FROM {{ ref('rst_gap_closing') }}),

period AS (SELECT period_id, period_end FROM {{ ref('dim_period') }}),

district AS (
    {{ main_values('rst_released_value') }} AND value.area_code = '{{ var('district_code') }}'
),

measured AS (
    SELECT
        answer.*, period.period_end, district.value AS level, district.value * cosh(answer.gap / 2) AS points
    FROM answer
    JOIN period ON period.period_id = answer.period_id
    LEFT JOIN district ON district.indicator_id = answer.indicator_id AND district.period_id = answer.period_id
)

SELECT
    indicator_id,
    period_id,
    years,
    points * change AS change_per_year,
    points * lower AS change_per_year_lower,
    points * upper AS change_per_year_upper,
    p_value,
    CASE WHEN reason IS NULL AND level IS NULL THEN 'cannot_be_told' ELSE verdict END AS verdict,
    CASE WHEN reason IS NULL AND level IS NULL THEN 'the district has no figure' ELSE reason END AS reason,
    list_transform(pools, lambda x: level * 2 * sinh(x / 2)) AS pool_gaps,
    list_transform(range(len(pools)), lambda i: (period_end + 1 - to_months((12 * (years - i))::INTEGER))::DATE)
        AS pool_starts
FROM measured
