{#
  The wide, BI-friendly mart of one objective: every published figure of its indicators with everything a chart
  needs in one row. Grain: indicator × area × period (all ages; persons, or the sex an indicator is about).
#}
{% macro objective_mart(objective) -%}
WITH indicator AS (SELECT * FROM {{ ref('dim_indicator') }} WHERE objective = '{{ objective }}'),

area AS (SELECT * FROM {{ ref('dim_area') }}),

period AS (SELECT * FROM {{ ref('dim_period') }}),

value AS ({{ main_values('fct_indicator_value') }}),

spc AS (SELECT indicator_id, area_code, period_id, variation, assurance, special_cause FROM {{ ref('fct_indicator_spc') }})

SELECT
    indicator.indicator_id, {{ value_title('indicator.value_title', 'value.sex') }} AS title, indicator.workstream, indicator.plan_wording,
    area.area_code, area.area_name, area.area_type, area.imd_score,
    period.period_id, period.period_type, period.label AS period_label, period.period_start, period.period_end,
    value.value_status, value.status_reason, value.numerator, value.denominator, value.value,
    value.value_text,
    value.ci95_lower, value.ci95_upper, indicator.unit, indicator.direction,
    comparator.area_name AS comparator_name, value.comparator_period, value.comparator_value, value.compared,
    indicator.target_value, indicator.baseline_value,
    spc.variation, spc.assurance, spc.special_cause,
    value.small_base, value.provisional, value.is_complete, value.confidence_grade, value.confidence_reasons,
    value.comparability
FROM value
JOIN indicator ON indicator.indicator_id = value.indicator_id
JOIN area ON area.area_code = value.area_code
JOIN period ON period.period_id = value.period_id
LEFT JOIN area AS comparator ON comparator.area_code = value.comparator_area
LEFT JOIN spc
    ON spc.indicator_id = value.indicator_id
    AND spc.area_code = value.area_code
    AND spc.period_id = value.period_id
{%- endmacro %}
