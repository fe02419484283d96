-- Grain: indicator. What is known about the figure that stands for it: the change, the trend, the chart, the comparator, the
-- target, and for a gap between wards its tests. A chart counts only if it is of this figure and ends with its period.
WITH indicator AS (SELECT * FROM {{ ref('dim_indicator') }}),

headline AS (SELECT * FROM {{ ref('rst_headline') }}),

change AS (SELECT * FROM {{ ref('rst_change') }}),

area AS (SELECT area_code, area_name FROM {{ ref('dim_area') }}),

period AS (SELECT period_id, period_start, period_end, label FROM {{ ref('dim_period') }}),

-- The last point of the monthly chart, or of the quarterly one where there is no monthly. A chart along a line says how a value
-- stands to the line, not whether it is better or worse than what was usual: it is drawn, and decides nothing.
spc AS (
    SELECT run.*, period.period_end
    FROM {{ ref('rst_spc_run') }} AS run
    JOIN period ON period.period_id = run.period_id
    QUALIFY row_number() OVER (
        PARTITION BY run.indicator_id, run.area_code ORDER BY run.period_type = 'quarter', run.period_start DESC) = 1
),

target AS (SELECT indicator_id, area_code, period_id, target_status, likelihood FROM {{ ref('fct_target_progress') }}),

trend AS (SELECT indicator_id, area_code, period_id, trend_verdict FROM {{ ref('fct_indicator_trend') }}),

gap AS (SELECT * FROM {{ ref('fct_inequality') }}),

suspended AS (SELECT indicator_id, area_code, period_id, words FROM {{ ref('rst_suspended_verdict') }})

SELECT
    indicator.* REPLACE (
        indicator.headline_direction AS direction,
        CASE WHEN indicator.headline = 'value' THEN indicator.short_unit WHEN indicator.unit = 'years' THEN 'years'
            ELSE 'points' END AS short_unit
    ),
    headline.* EXCLUDE (indicator_id, comparator_area, method, numerator, denominator, value_status),
    coalesce(headline.value_status, 'not_supplied') AS value_status,
    change.change, change.change_test, change.change_p_value,
    coalesce(change.direction_of_change, 'not_known') AS direction_of_change,
    CASE WHEN now.words IS NOT NULL THEN 'this_period' WHEN before.words IS NOT NULL THEN 'earlier_period' END
        AS verdict_suspended,
    coalesce(now.words, before.words) AS annotation_words,
    area.area_name, comparator.area_name AS comparator_name, headline.comparator_area AS compared_with,
    comparator_period.period_start = headline.period_start AND comparator_period.period_end = headline.period_end
        AS is_compared_at_once,
    CASE WHEN spc.chart_type LIKE 'trend%' THEN 'not_charted' ELSE coalesce(spc.variation, 'not_charted') END AS variation, spc.special_cause, spc.same_since,
    spc.period_type AS chart_period_type, spc.period_start AS chart_period_start,
    coalesce(spc.assurance, 'none') AS assurance,
    trend.trend_verdict,
    target.target_status, coalesce(target.likelihood, 'not_known') AS target_likelihood,
    gap.gap_by_chance, gap.chance_probability, gap.gap_trend, gap.gap_change_events,
    gap.gap_closing, gap.gap_change_per_year, gap.gap_change_per_year_ci95_lower, gap.gap_change_per_year_ci95_upper,
    -- All years together know more than two periods.
    CASE WHEN gap.gap_closing <> 'cannot_be_told' THEN gap.gap_closing ELSE gap.gap_trend END AS gap_answer,
    gap.deprivation_gap, gap.deprivation_gap_ci95_lower, gap.deprivation_gap_ci95_upper, gap.heterogeneity_p_value
FROM indicator
LEFT JOIN headline ON headline.indicator_id = indicator.indicator_id
LEFT JOIN change ON change.indicator_id = indicator.indicator_id
LEFT JOIN area ON area.area_code = headline.area_code
LEFT JOIN area AS comparator ON comparator.area_code = headline.comparator_area
LEFT JOIN period AS comparator_period ON comparator_period.period_id = headline.comparator_period
LEFT JOIN spc
    ON spc.indicator_id = headline.indicator_id AND spc.area_code = headline.area_code
    AND spc.period_end = headline.period_end
    AND indicator.headline = 'value' AND headline.value_status <> 'official'
LEFT JOIN trend
    ON trend.indicator_id = headline.indicator_id AND trend.area_code = headline.area_code
    AND trend.period_id = headline.period_id AND indicator.headline = 'value'
LEFT JOIN target
    ON target.indicator_id = headline.indicator_id AND target.area_code = headline.area_code
    AND target.period_id = headline.period_id
LEFT JOIN gap
    ON gap.indicator_id = headline.indicator_id AND gap.period_id = headline.period_id AND indicator.headline = 'ward_gap'
LEFT JOIN suspended AS now
    ON now.indicator_id = headline.indicator_id AND now.area_code = headline.area_code
    AND now.period_id = headline.period_id
LEFT JOIN suspended AS before
    ON before.indicator_id = headline.indicator_id AND before.area_code = headline.area_code
    AND before.period_id = headline.previous_period_id
