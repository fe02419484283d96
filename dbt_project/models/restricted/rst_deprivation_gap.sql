-- Grain: one row per indicator and period with counts by ward and index of deprivation: do the wards differ by more than
-- chance, and the gap between the most and the least deprived end of the district, with its standard error, by the index
-- that holds for the period (is_own_index) and by the other one, which a later period is compared by.
-- No ward is named from here on. Only complete periods.
WITH area AS (SELECT area_code, imd_score, imd19_rank FROM {{ ref('int_area') }}),

period AS (SELECT period_id, period_start, period_end FROM {{ ref('dim_period') }}),

ward AS (
    SELECT
        ward.*, index.imd_vintage,
        CASE index.imd_vintage WHEN 2015 THEN area.imd_score ELSE -area.imd19_rank END AS deprivation,
        index.imd_vintage = {{ imd_vintage('period.period_start', 'period.period_end') }} AS is_own_index
    FROM {{ ref('rst_ward_value') }} AS ward
    JOIN area ON area.area_code = ward.area_code
    JOIN period ON period.period_id = ward.period_id
    CROSS JOIN (VALUES (2015), (2019)) AS index (imd_vintage)
    WHERE ward.method <> 'life_expectancy' AND ward.is_complete
),

heterogeneity AS (
    {%- set arguments = ['numerator', 'denominator', "method = 'proportion'"] %}
    SELECT
        indicator_id,
        period_id,
        imd_vintage,
        any_value(is_own_index) AS is_own_index,
        any_value(is_restricted) AS is_restricted,
        any_value(multiplier) AS multiplier,
        {{ heterogeneity_chi_square(*arguments) }} AS chi_square,
        {{ heterogeneity_df(*arguments) }} AS df,
        {{ heterogeneity_p_value(*arguments) }} AS p_value,
        {{ heterogeneity_problem(*arguments) }} AS heterogeneity_problem
    FROM ward
    GROUP BY indicator_id, period_id, imd_vintage
),

gap AS (
    {{ deprivation_gap('ward', ['indicator_id', 'period_id', 'imd_vintage'], deprivation='deprivation',
        observed='numerator', expected='denominator', multiplier='multiplier', binomial="method = 'proportion'") }}
)

SELECT
    heterogeneity.*,
    gap.expected, gap.gap, gap.gap_se, gap.gap_lower, gap.gap_upper, gap.excess_events, gap.problem AS gap_problem
FROM heterogeneity
JOIN gap
    ON gap.indicator_id = heterogeneity.indicator_id AND gap.period_id = heterogeneity.period_id
    AND gap.imd_vintage = heterogeneity.imd_vintage
