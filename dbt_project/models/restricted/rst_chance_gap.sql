-- Grain: one row per indicator and period with a ward gap: the gap that chance alone would give if every ward had
-- the same rate. 1,000 sets of wards are drawn; counts from Poisson distributions (inverted exactly up to 100
-- expected events, by the normal curve above), shares and life expectancies from the normal curve.
WITH cell AS (SELECT * FROM {{ ref('rst_chance_cell') }}),

draw AS (SELECT * FROM {{ ref('rst_chance_draw') }}),

-- The probability of fewer than x events, for every x worth having.
below AS (
    SELECT cell_id, x, sum(probability) OVER (PARTITION BY cell_id ORDER BY x) - probability AS uniform_from
    FROM (
        SELECT cell_id, x.x, exp(x.x * ln(expected) - expected - lgamma(x.x + 1)) AS probability
        FROM cell, range(0, 200) AS x (x)
        WHERE is_small
    )
),

small AS (
    SELECT wanted.gap_id, wanted.replicate, wanted.multiplier * below.x / wanted.denominator AS value
    FROM (SELECT * FROM cell JOIN draw USING (area_code) WHERE is_small) AS wanted
    ASOF JOIN below ON below.cell_id = wanted.cell_id AND wanted.uniform >= below.uniform_from
),

large AS (
    SELECT
        gap_id, replicate,
        CASE method WHEN 'life_expectancy' THEN rate + normal * se ELSE multiplier * CASE method
            WHEN 'proportion' THEN least(1, greatest(0, rate + normal * sqrt(rate * (1 - rate) / denominator)))
            ELSE greatest(0, round(expected + normal * sqrt(expected))) / denominator END END AS value
    FROM cell
    JOIN draw USING (area_code)
    WHERE NOT is_small
),

gap AS (
    SELECT gap_id, replicate, max(value) - min(value) AS gap
    FROM (SELECT * FROM small UNION ALL SELECT * FROM large)
    GROUP BY gap_id, replicate
),

observed AS (
    SELECT DISTINCT cell.gap_id, ward_gap.indicator_id, ward_gap.period_id, ward_gap.gap
    FROM cell
    JOIN {{ ref('rst_ward_gap') }} AS ward_gap USING (indicator_id, period_id)
)

SELECT
    observed.indicator_id,
    observed.period_id,
    median(gap.gap) AS gap_by_chance,
    quantile_cont(gap.gap, 0.025) AS gap_by_chance_lower,
    quantile_cont(gap.gap, 0.975) AS gap_by_chance_upper,
    avg((gap.gap >= observed.gap)::INTEGER) AS chance_probability
FROM gap
JOIN observed ON observed.gap_id = gap.gap_id
GROUP BY observed.indicator_id, observed.period_id
