{#
  The wide, BI-friendly mart of one objective: every published figure of its indicators with everything a chart
  needs in one row. Grain: indicator × area × period (all ages; persons, or the sex an indicator is about).
#}
{% macro objective_mart(objective) -%}
with indicator as (select * from {{ ref('dim_indicator') }} where objective = '{{ objective }}'),

area as (select * from {{ ref('dim_area') }}),

period as (select * from {{ ref('dim_period') }}),

value as ({{ main_values('fct_indicator_value') }}),

spc as (select indicator_id, area_code, period_id, variation, assurance, special_cause from {{ ref('fct_indicator_spc') }})

select
    indicator.indicator_id, {{ value_title('indicator.value_title', 'value.sex') }} as title, indicator.workstream, indicator.plan_wording,
    area.area_code, area.area_name, area.area_type, area.imd_score,
    period.period_id, period.period_type, period.label as period_label, period.period_start, period.period_end,
    value.value_status, value.status_reason, value.numerator, value.denominator, value.value,
    value.value_text,
    value.ci95_lower, value.ci95_upper, indicator.unit, indicator.direction,
    comparator.area_name as comparator_name, value.comparator_period, value.comparator_value, value.compared,
    indicator.target_value, indicator.baseline_value,
    spc.variation, spc.assurance, spc.special_cause,
    value.small_base, value.provisional, value.is_complete, value.confidence_grade, value.confidence_reasons,
    value.comparability
from value
join indicator on indicator.indicator_id = value.indicator_id
join area on area.area_code = value.area_code
join period on period.period_id = value.period_id
left join area as comparator on comparator.area_code = value.comparator_area
left join spc
    on spc.indicator_id = value.indicator_id
    and spc.area_code = value.area_code
    and spc.period_id = value.period_id
{%- endmacro %}
