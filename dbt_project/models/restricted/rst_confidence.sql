-- Grain: one row per published value: how far it can be relied on, A to D, and why. Read from what is published and
-- from facts about deliveries and populations only, never from an exact count; rules and grades are seeds.
with value as (select * from {{ ref('rst_released_value') }} where value is not null),

quality as (select * from {{ ref('int_value_quality') }}),

rule as (select * from {{ ref('confidence_rule') }}),

grade as (select * from {{ ref('confidence_grade') }}),

measured as (
    select
        value.indicator_id, value.area_code, value.period_id, value.sex, value.age_band,
        unnest([
            {'measure': 'few_events', 'amount': (value.value_status = 'unreliable_u')::double},
            {'measure': 'small_base', 'amount': value.small_base::double},
            {'measure': 'few_respondents', 'amount': (value.method = 'published' and value.denominator < 100)::double},
            {'measure': 'relative_width', 'amount': {{ relative_width('value.method', 'value.value', 'value.ci95_lower', 'value.ci95_upper') }}},
            {'measure': 'provisional', 'amount': value.provisional::double},
            {'measure': 'likely_missing', 'amount': case when value.provisional then round(1 - quality.likely_completeness, 3) end},
            {'measure': 'population_interpolated', 'amount': quality.population_interpolated::double},
            {'measure': 'population_carried', 'amount': quality.population_carried::double},
            {'measure': 'set_aside_share', 'amount': quality.set_aside_share},
            {'measure': 'carried_back', 'amount': quality.carried_back::double},
            {'measure': 'recast', 'amount': quality.recast::double},
            {'measure': 'spans_change', 'amount': quality.spans_change::double}
        ], recursive := true)
    from value
    left join quality
        on quality.indicator_id = value.indicator_id and quality.area_code = value.area_code
        and quality.period_id = value.period_id
),

applied as (
    select
        measured.* exclude (amount),
        coalesce(max(rule.points), 0) as points,
        arg_max(rule.reason, rule.points) as reason
    from measured
    left join rule on rule.measure = measured.measure and measured.amount > rule.above
    group by all
),

summed as (
    select
        indicator_id, area_code, period_id, sex, age_band,
        sum(points)::integer as points,
        string_agg(reason, '; ' order by points desc, reason) as reasons
    from applied
    group by all
)

select summed.*, grade.grade
from summed
asof join grade on summed.points >= grade.from_points
