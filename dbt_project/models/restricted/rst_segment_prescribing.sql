-- Grain: financial year × segment × network × quintile × measure. What the practices' prescribing of the year cost, in
-- whole pounds, apportioned to the people on their lists by age and sex (ASTRO-PU): who was prescribed what is not
-- known. The cost of a practice with nobody on a list at the year's snapshot stands under `not_on_a_list`.
WITH person AS (SELECT * FROM {{ ref('int_person_segment') }} WHERE practice_code IS NOT NULL),

year AS (SELECT * FROM {{ ref('rst_segment_year') }}),

cost AS (
    SELECT {{ financial_year_id('month_start') }} AS period_id, practice_code, sum(actual_cost) AS actual_cost
    FROM {{ ref('int_prescribing_month') }}
    GROUP BY ALL
),

listed AS (
    SELECT
        year.period_id, person.practice_code, person.segment, coalesce(person.pcn_code, 'unknown') AS pcn_code,
        coalesce(person.imd_quintile, 'unknown') AS imd_quintile, count(*) AS people,
        -- Somebody of unknown age weighs one unit.
        sum(coalesce(person.cost_weight, 1)) AS weight
    FROM person
    JOIN year ON year.snapshot_date = person.snapshot_date
    GROUP BY ALL
),

share AS (SELECT *, weight / sum(weight) OVER (PARTITION BY period_id, practice_code) AS part FROM listed)

SELECT
    cost.period_id,
    coalesce(share.segment, 'not_on_a_list') AS segment,
    coalesce(share.pcn_code, 'unknown') AS pcn_code,
    coalesce(share.imd_quintile, 'unknown') AS imd_quintile,
    'prescribing_cost_apportioned' AS measure,
    round(sum(round(cost.actual_cost::DOUBLE * coalesce(share.part, 1), 6)::DECIMAL(18, 6)))::BIGINT AS quantity,
    coalesce(sum(share.people), 0)::BIGINT AS people
FROM cost
LEFT JOIN share ON share.period_id = cost.period_id AND share.practice_code = cost.practice_code
GROUP BY ALL
