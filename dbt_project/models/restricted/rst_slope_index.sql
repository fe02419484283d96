-- Grain: one row per indicator and period in which all five IMD quintiles have a published value.
-- SII: value of the most deprived end minus the least deprived end; RII: their ratio. Log scale for rates and
-- standardised ratios, logit for shares.
WITH quintile AS (SELECT * FROM {{ ref('rst_quintile_value') }}),

complete AS (
    SELECT *
    FROM quintile
    QUALIFY count(*) OVER (PARTITION BY indicator_id, period_id) = 5
),

rate AS (SELECT * FROM complete WHERE method <> 'proportion'),

share AS (SELECT * FROM complete WHERE method = 'proportion'),

multiplier AS (SELECT DISTINCT indicator_id, period_id, multiplier FROM share),

of_rates AS ({{ slope_index('rate', ['indicator_id', 'period_id'], 'quintile', value_type='rate', transform=true,
    multiplier=-1, confidences=[0.95]) }}),

of_shares AS ({{ slope_index('share', ['indicator_id', 'period_id'], 'quintile', value_type='proportion',
    transform=true, multiplier=-1, confidences=[0.95]) }})

SELECT indicator_id, period_id, sii, sii_ci95_lower, sii_ci95_upper, rii, rii_ci95_lower, rii_ci95_upper
FROM of_rates
WHERE problem IS NULL
UNION ALL
SELECT
    of_shares.indicator_id, of_shares.period_id, sii * multiplier, sii_ci95_lower * multiplier,
    sii_ci95_upper * multiplier, rii, rii_ci95_lower, rii_ci95_upper
FROM of_shares
JOIN multiplier USING (indicator_id, period_id)
WHERE problem IS NULL
