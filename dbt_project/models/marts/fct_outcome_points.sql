-- Grain: scheme × indicator. Points of an outcomes-based contract that the headline figure earns, by the rules a
-- partnership has declared (seed outcome_points); no rule, no row.
with rule as (select * from {{ ref('outcome_points') }}),

verdict as (select * from {{ ref('scorecard') }}),

measured as (
    select
        rule.*, verdict.objective, verdict.area_code, verdict.period_id, verdict.value, verdict.provisional,
        -- 0 at the threshold and 1 at the stretch, whichever of them is higher.
        (verdict.value - rule.threshold) / (rule.stretch - rule.threshold) as way
    from rule
    join verdict on verdict.indicator_id = rule.indicator_id
)

select
    scheme, objective, indicator_id, area_code, period_id, value, threshold, stretch,
    points as points_available,
    round(points * least(1, greatest(0, way)), 2) as points_earned,
    case when value is null then 'not_assessed' when way >= 1 then 'stretch_reached' when way > 0 then 'partly_earned'
        else 'threshold_not_passed' end as outcome,
    coalesce(provisional, false) as provisional,
    source
from measured
