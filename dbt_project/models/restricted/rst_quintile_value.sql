-- Grain: one row per indicator, period and IMD quintile (1 = most deprived) with a published value, as the slope index
-- needs it: shares as fractions, and the weight of the quintile: the indicator's own denominator (the people aged 65
-- and over of a rate of those, the expected events of a standardised ratio), not everybody who lives there.
WITH value AS (
    {{ main_values('rst_released_value') }} AND value.method IN ('smr', 'crude_rate', 'dsr', 'proportion')
),

area AS (
    SELECT area_code, right(area_code, 1)::INTEGER AS quintile
    FROM {{ ref('int_area') }}
    WHERE area_type = 'imd_quintile'
)

SELECT
    value.indicator_id, value.period_id, value.method, area.quintile, value.denominator AS population,
    value.value / CASE value.method WHEN 'proportion' THEN value.multiplier ELSE 1 END AS value,
    value.ci95_lower / CASE value.method WHEN 'proportion' THEN value.multiplier ELSE 1 END AS ci95_lower,
    value.ci95_upper / CASE value.method WHEN 'proportion' THEN value.multiplier ELSE 1 END AS ci95_upper,
    value.multiplier
FROM value
JOIN area ON area.area_code = value.area_code
WHERE value.value IS NOT NULL AND value.is_complete
