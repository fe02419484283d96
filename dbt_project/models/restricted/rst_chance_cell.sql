-- Grain: one row per indicator, period and ward of a calculated gap: what the ward would have if every ward had the
-- same rate. Numbered, so that the simulation joins on integers.
WITH gap AS (
    SELECT indicator_id, period_id, row_number() OVER (ORDER BY indicator_id, period_id)::INTEGER AS gap_id
    FROM {{ ref('rst_ward_gap') }}
    WHERE value_status = 'shown'
),

ward AS (SELECT * FROM {{ ref('rst_ward_value') }}),

expected AS (
    SELECT
        gap.gap_id, ward.indicator_id, ward.period_id, ward.area_code, ward.method, ward.multiplier, ward.denominator,
        sum(ward.numerator) OVER (PARTITION BY gap.gap_id)
            / sum(ward.denominator) OVER (PARTITION BY gap.gap_id) AS rate,
        rate * ward.denominator AS expected
    FROM ward
    JOIN gap ON gap.indicator_id = ward.indicator_id AND gap.period_id = ward.period_id
)

SELECT
    *,
    row_number() OVER (ORDER BY gap_id, area_code)::INTEGER AS cell_id,
    method <> 'proportion' AND expected BETWEEN 1e-9 AND 100 AS is_small
FROM expected
