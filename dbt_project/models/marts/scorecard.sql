-- Grain: indicator. One verdict each: where we are, is it better or worse and by what evidence, and the same in plain words.
WITH verdict AS (SELECT * FROM {{ ref('rst_verdict') }})

SELECT
    indicator_id, objective, objective_title, title, area_code, area_name,
    period_id, period_label, value_status, value, {{ value_text('value', 'short_unit') }} AS value_text,
    ci95_lower, ci95_upper, {{ interval_text('ci95_lower', 'ci95_upper', 'short_unit') }} AS interval_text, unit, direction,
    baseline_value, {{ short_value_text('baseline_value', 'short_unit', exact=true) }} AS baseline_text, baseline_period,
    -- A month as a plan states it is no baseline for a count of a quarter or a year.
    CASE WHEN period_type = 'month' OR method NOT IN ('count', 'total') OR NOT regexp_full_match(baseline_period, '\d{4}-\d{2}')
        THEN {{ published_number('figure', '(value - baseline_value)', 'method', 'precision') }} END AS change_from_baseline,
    previous_period_id, previous_value,
    {{ published_number('figure', 'change', 'method', 'precision') }} AS change, coalesce(change_test, 'none') AS change_test,
    {{ rounded_by('three_decimals', 'change_p_value') }} AS change_p_value,
    CASE WHEN verdict_suspended IS NOT NULL AND direction_of_change IN ('better', 'worse') THEN 'not_known'
        ELSE direction_of_change END AS direction_of_change,
    variation, special_cause, same_since AS variation_since, chart_period_type, assurance, trend_verdict,
    target_value, target_status, target_likelihood,
    coalesce(compared, 'not_compared') AS compared, compared_with AS comparator_area, comparator_period, comparator_value,
    gap_by_chance, ward_difference, deprivation_gap, deprivation_gap_ci95_lower, deprivation_gap_ci95_upper,
    heterogeneity_p_value, gap_closing, gap_change_per_year, gap_change_per_year_ci95_lower, gap_change_per_year_ci95_upper,
    gap_trend, gap_change_events, confidence_grade, confidence_reasons,
    coalesce(provisional, FALSE) AS provisional, coalesce(small_base, FALSE) AS small_base,
    coalesce(is_complete, FALSE) AS is_complete, incomplete_period_label, incomplete_reason,
    verdict, verdict_basis, verdict_reason, verdict_suspended, annotation_words,
    {{ narrative() }} AS narrative
FROM verdict
