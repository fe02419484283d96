-- Grain: indicator. One verdict row each: where we are, since when, compared with whom, and one plain sentence.
WITH indicator AS (SELECT * FROM {{ ref('dim_indicator') }}),

headline AS (SELECT * FROM {{ ref('rst_headline') }}),

area AS (SELECT area_code, area_name FROM {{ ref('dim_area') }}),

period AS (SELECT period_id, label FROM {{ ref('dim_period') }}),

-- The last point of the monthly chart, or of the quarterly one where there is no monthly.
spc AS (
    SELECT indicator_id, area_code, variation, assurance, same_since
    FROM {{ ref('rst_spc_run') }}
    QUALIFY row_number() OVER (
        PARTITION BY indicator_id, area_code ORDER BY period_type = 'quarter', period_start DESC) = 1
),

target AS (SELECT indicator_id, area_code, period_id, target_status, likelihood FROM {{ ref('fct_target_progress') }}),

trend AS (SELECT indicator_id, area_code, period_id, trend_verdict FROM {{ ref('fct_indicator_trend') }}),

gap AS (SELECT * FROM {{ ref('fct_inequality') }}),

judged AS (
    SELECT
        indicator.* REPLACE (indicator.headline_direction AS direction),
        headline.* EXCLUDE (indicator_id, comparator_area),
        area.area_name, comparator.area_name AS comparator_name, headline.comparator_area AS compared_with,
        nullif(comparator_period.label, headline.period_label) AS comparator_label,
        coalesce(spc.variation, 'not_charted') AS variation,
        coalesce(spc.assurance, 'none') AS assurance,
        spc.same_since,
        target.target_status, coalesce(target.likelihood, 'not_known') AS target_likelihood,
        trend.trend_verdict,
        gap.gap_by_chance, gap.chance_probability, gap.gap_trend, gap.gap_change_events,
        headline.value - headline.previous_value AS change,
        CASE WHEN headline.value IS NULL OR headline.previous_value IS NULL THEN 'not_known'
            WHEN indicator.headline = 'ward_gap' OR headline.previous_lower IS NULL
                OR (headline.ci95_lower <= headline.previous_upper AND headline.previous_lower <= headline.ci95_upper)
                THEN 'no_clear_change'
            WHEN (headline.value > headline.previous_value) = (indicator.headline_direction = 'up') THEN 'better'
            ELSE 'worse' END AS direction_of_change
    FROM indicator
    LEFT JOIN headline ON headline.indicator_id = indicator.indicator_id
    LEFT JOIN area ON area.area_code = headline.area_code
    LEFT JOIN area AS comparator ON comparator.area_code = headline.comparator_area
    LEFT JOIN period AS comparator_period ON comparator_period.period_id = headline.comparator_period
    LEFT JOIN spc
        ON spc.indicator_id = headline.indicator_id AND spc.area_code = headline.area_code
        -- The chart of a local count says nothing about a published survey figure.
        AND indicator.headline = 'value' AND headline.value_status <> 'official'
    LEFT JOIN trend
        ON trend.indicator_id = headline.indicator_id AND trend.area_code = headline.area_code
        AND trend.period_id = headline.period_id AND indicator.headline = 'value'
    LEFT JOIN target
        ON target.indicator_id = headline.indicator_id AND target.area_code = headline.area_code
        AND target.period_id = headline.period_id
    LEFT JOIN gap
        ON gap.indicator_id = headline.indicator_id AND gap.period_id = headline.period_id
        AND indicator.headline = 'ward_gap'
)

SELECT
    indicator_id, objective, objective_title, title, area_code, area_name,
    period_id, period_label, coalesce(value_status, 'not_supplied') AS value_status, value, ci95_lower, ci95_upper, unit, direction,
    baseline_value, baseline_period, value - baseline_value AS change_from_baseline,
    previous_period_id, previous_value, change, direction_of_change,
    variation, same_since AS variation_since, assurance, trend_verdict, target_value, target_status, target_likelihood,
    coalesce(compared, 'not_compared') AS compared, compared_with AS comparator_area, comparator_period, comparator_value,
    gap_by_chance, gap_trend, gap_change_events, confidence_grade, confidence_reasons,
    coalesce(provisional, FALSE) AS provisional,
    coalesce(is_complete, FALSE) AS is_complete, incomplete_period_label, incomplete_reason,
    {{ narrative() }} AS narrative
FROM judged
