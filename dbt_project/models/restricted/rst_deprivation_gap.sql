-- Grain: one row per indicator and period with counts by ward: do the wards differ by more than chance, and the gap between
-- the most and the least deprived end of the district, with its standard error. No ward is named from here on.
WITH area AS (SELECT area_code, imd_score FROM {{ ref('int_area') }}),

ward AS (
    SELECT ward.*, area.imd_score
    FROM {{ ref('rst_ward_value') }} AS ward
    JOIN area ON area.area_code = ward.area_code
    WHERE ward.method <> 'life_expectancy'
),

heterogeneity AS (
    {%- set arguments = ['numerator', 'denominator', "method = 'proportion'"] %}
    SELECT
        indicator_id,
        period_id,
        any_value(is_restricted) AS is_restricted,
        any_value(multiplier) AS multiplier,
        {{ heterogeneity_chi_square(*arguments) }} AS chi_square,
        {{ heterogeneity_df(*arguments) }} AS df,
        {{ heterogeneity_p_value(*arguments) }} AS p_value,
        {{ heterogeneity_problem(*arguments) }} AS heterogeneity_problem
    FROM ward
    GROUP BY indicator_id, period_id
),

gap AS (
    {{ deprivation_gap('ward', ['indicator_id', 'period_id'], deprivation='imd_score', observed='numerator',
        expected='denominator', multiplier='multiplier', binomial="method = 'proportion'") }}
)

SELECT
    heterogeneity.*,
    gap.expected, gap.gap, gap.gap_se, gap.gap_lower, gap.gap_upper, gap.excess_events, gap.problem AS gap_problem
FROM heterogeneity
JOIN gap ON gap.indicator_id = heterogeneity.indicator_id AND gap.period_id = heterogeneity.period_id
