-- Grain: indicator × area × period. The figures of all objectives as people look for them: everybody it is about, all
-- ages, with the names of indicator, place and period. Sexes, ages and further intervals stand in fct_indicator_value.
with value as ({{ main_values('fct_indicator_value') }}),

indicator as (select * from {{ ref('dim_indicator') }}),

area as (select area_code, area_name, area_type from {{ ref('dim_area') }}),

period as (select * from {{ ref('dim_period') }}),

named as (
    select
        value.*, indicator.objective, indicator.objective_title, indicator.value_title as title,
        indicator.unit, indicator.short_unit, indicator.direction, indicator.headline_period,
        area.area_name, area.area_type,
        period.label as period_label, period.period_type, period.period_start, period.period_end
    from value
    join indicator on indicator.indicator_id = value.indicator_id
    join area on area.area_code = value.area_code
    join period on period.period_id = value.period_id
),

newest as (
    select indicator_id, area_code, period_type, max(period_end) as newest_end
    from named
    where value is not null
    group by all
)

select
    named.indicator_id, objective, objective_title, title, unit, direction,
    named.area_code, area_name, area_type,
    period_id, period_label, named.period_type, period_start, period_end,
    coalesce(period_end = newest_end, false) as is_latest,
    named.period_type = headline_period as is_headline_period,
    value_status, status_reason, numerator, denominator, value, value_text, ci95_lower, ci95_upper,
    {{ interval_text('ci95_lower', 'ci95_upper', 'short_unit') }} as interval_text,
    comparator_area, comparator_value, compared, provisional, is_complete
from named
left join newest
    on newest.indicator_id = named.indicator_id and newest.area_code = named.area_code
    and newest.period_type = named.period_type
