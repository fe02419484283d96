-- Grain: indicator × area × period (month or quarter): the published value as a point of a control chart. A hidden value is a
-- gap, never a zero. A segment ends where an annotation rebases charts; what comes after is a chart of its own. `judged` is
-- the value where it may be judged: comparable, and of a period that is complete.
with value as ({{ main_values('fct_indicator_value') }}),

period as (
    select period_id, period_type, period_start from {{ ref('dim_period') }} where period_type in ('month', 'quarter')
),

indicator as (select * from {{ ref('int_indicator') }}),

registry as (select indicator_id, unit from {{ ref('indicator_registry') }}),

rebase as (select indicator_id, area_code, starts_on from {{ ref('int_annotation_indicator') }} where rebase),

suspended as (select indicator_id, area_code, period_id from {{ ref('rst_suspended_verdict') }}),

point as (
    select
        value.indicator_id, value.area_code, period.period_type, period.period_id, period.period_start,
        case when value.comparability <> 'not_comparable' then value.value end as value,
        value.is_complete,
        indicator.method, indicator.precision, indicator.aggregation, indicator.is_yearly, indicator.target_value, registry.unit,
        case indicator.direction when 'up' then 'increase' else 'decrease' end as better_when
    from value
    join period on period.period_id = value.period_id
    join indicator on indicator.indicator_id = value.indicator_id
    join registry on registry.indicator_id = value.indicator_id
),

segment as (
    select point.indicator_id, point.area_code, point.period_id, count(*) as segment
    from point
    join rebase
        on rebase.indicator_id = point.indicator_id and rebase.starts_on <= point.period_start
        and coalesce(rebase.area_code, point.area_code) = point.area_code
    group by all
)

select
    point.*,
    coalesce(segment.segment, 0) as segment,
    case when point.is_complete then point.value end as judged,
    suspended.period_id is not null as is_suspended,
    (12 * year(point.period_start) + month(point.period_start))
        // case point.period_type when 'month' then 1 else 3 end as place,
    {{ possible_lower('point.method', 'min(point.value) over series') }} as lowest_possible,
    {{ possible_upper('point.method', 'point.unit') }} as highest_possible
from point
left join segment using (indicator_id, area_code, period_id)
left join suspended using (indicator_id, area_code, period_id)
window series as (partition by point.indicator_id, point.area_code, point.period_type)
