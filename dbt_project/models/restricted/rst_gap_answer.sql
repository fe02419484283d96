-- Grain: one row per indicator and period with counts by ward and year: the answer of rst_gap_closing in the unit of the
-- indicator. The gap between the two ends of the district, at its own level, is level × 2 sinh(gap / 2), gap being the
-- logarithm of their ratio; a yearly change of the gap moves it by level × cosh(gap / 2) × change.
with answer as (select * from {{ ref('rst_gap_closing') }}),

period as (select period_id, period_end from {{ ref('dim_period') }}),

district as (
    {{ main_values('rst_released_value') }} and value.area_code = '{{ var('district_code') }}'
),

measured as (
    select
        answer.*, period.period_end, district.value as level, district.value * cosh(answer.gap / 2) as points
    from answer
    join period on period.period_id = answer.period_id
    left join district on district.indicator_id = answer.indicator_id and district.period_id = answer.period_id
)

select
    indicator_id,
    period_id,
    years,
    points * change as change_per_year,
    points * lower as change_per_year_lower,
    points * upper as change_per_year_upper,
    p_value,
    case when reason is null and level is null then 'cannot_be_told' else verdict end as verdict,
    case when reason is null and level is null then 'the district has no figure' else reason end as reason,
    list_transform(pools, lambda x: level * 2 * sinh(x / 2)) as pool_gaps,
    list_transform(range(len(pools)), lambda i: (period_end + 1 - to_months((12 * (years - i))::integer))::date)
        as pool_starts
from measured
