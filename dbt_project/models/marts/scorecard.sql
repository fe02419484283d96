-- Grain: indicator. One verdict each: where we are, is it better or worse and by what evidence, and the same in plain words.
with verdict as (select * from {{ ref('rst_verdict') }})

select
    indicator_id, objective, objective_title, title, area_code, area_name,
    period_id, period_label, value_status, value, {{ value_text('value', 'short_unit') }} as value_text,
    ci95_lower, ci95_upper, {{ interval_text('ci95_lower', 'ci95_upper', 'short_unit') }} as interval_text, unit, direction,
    baseline_value, {{ short_value_text('baseline_value', 'short_unit', exact=true) }} as baseline_text, baseline_period,
    -- A month as a plan states it is no baseline for a count of a quarter or a year.
    case when period_type = 'month' or method not in ('count', 'total') or not regexp_full_match(baseline_period, '\d{4}-\d{2}')
        then {{ published_number('figure', '(value - baseline_value)', 'method', 'precision') }} end as change_from_baseline,
    previous_period_id, previous_value,
    {{ published_number('figure', 'change', 'method', 'precision') }} as change, coalesce(change_test, 'none') as change_test,
    {{ rounded_by('three_decimals', 'change_p_value') }} as change_p_value,
    case when verdict_suspended is not null and direction_of_change in ('better', 'worse') then 'not_known'
        else direction_of_change end as direction_of_change,
    variation, special_cause, same_since as variation_since, chart_period_type, assurance, trend_verdict,
    target_value, target_status, target_likelihood,
    coalesce(compared, 'not_compared') as compared, compared_with as comparator_area, comparator_period, comparator_value,
    gap_by_chance, ward_difference, deprivation_gap, deprivation_gap_ci95_lower, deprivation_gap_ci95_upper,
    heterogeneity_p_value, gap_closing, gap_change_per_year, gap_change_per_year_ci95_lower, gap_change_per_year_ci95_upper,
    gap_trend, gap_change_events, confidence_grade, confidence_reasons,
    coalesce(provisional, false) as provisional, coalesce(small_base, false) as small_base,
    coalesce(is_complete, false) as is_complete, incomplete_period_label, incomplete_reason,
    verdict, verdict_basis, verdict_reason, verdict_suspended, annotation_words,
    {{ narrative() }} as narrative
from verdict
