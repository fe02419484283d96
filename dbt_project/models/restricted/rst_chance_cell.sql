-- Grain: one row per indicator, period and ward of a calculated gap: what the ward would have if every ward had the
-- same rate (or life expectancy, the mean weighted by its certainty). Numbered, so that the simulation joins on
-- integers.
WITH gap AS (
    SELECT indicator_id, period_id, row_number() OVER (ORDER BY indicator_id, period_id)::INTEGER AS gap_id
    FROM {{ ref('rst_ward_gap') }}
    WHERE value_status = 'shown'
),

ward AS (SELECT * FROM {{ ref('rst_ward_value') }}),

expected AS (
    SELECT
        gap.gap_id, ward.indicator_id, ward.period_id, ward.area_code, ward.method, ward.multiplier, ward.denominator,
        (ward.ci95_upper - ward.ci95_lower) / 2 / {{ z_value(0.95) }} AS se,
        CASE ward.method
            WHEN 'life_expectancy' THEN sum(ward.value / (se * se)) OVER wards / sum(1 / (se * se)) OVER wards
            ELSE sum(ward.numerator) OVER wards / sum(ward.denominator) OVER wards END AS rate,
        rate * ward.denominator AS expected
    FROM ward
    JOIN gap ON gap.indicator_id = ward.indicator_id AND gap.period_id = ward.period_id
    WINDOW wards AS (  -- ordered, so that the last digit of a sum is the same in every build
        PARTITION BY gap.gap_id ORDER BY ward.area_code ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)

SELECT
    *,
    row_number() OVER (ORDER BY gap_id, area_code)::INTEGER AS cell_id,
    method NOT IN ('proportion', 'life_expectancy') AND expected BETWEEN 1e-9 AND 100 AS is_small
FROM expected
