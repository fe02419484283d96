-- Grain: one row per indicator, period and ward of a calculated gap: what the ward would have if every ward had the
-- same rate (or life expectancy, the mean weighted by its certainty). Numbered, so that the simulation joins on
-- integers.
with gap as (
    select indicator_id, period_id, row_number() over (order by indicator_id, period_id)::integer as gap_id
    from {{ ref('rst_ward_gap') }}
    where value_status = 'shown'
),

ward as (select * from {{ ref('rst_ward_value') }}),

expected as (
    select
        gap.gap_id, ward.indicator_id, ward.period_id, ward.area_code, ward.method, ward.multiplier, ward.denominator,
        (ward.ci95_upper - ward.ci95_lower) / 2 / {{ z_value(0.95) }} as se,
        case ward.method
            when 'life_expectancy' then sum(ward.value / (se * se)) over wards / sum(1 / (se * se)) over wards
            else sum(ward.numerator) over wards / sum(ward.denominator) over wards end as rate,
        rate * ward.denominator as expected
    from ward
    join gap on gap.indicator_id = ward.indicator_id and gap.period_id = ward.period_id
    window wards as (  -- ordered, so that the last digit of a sum is the same in every build
        partition by gap.gap_id order by ward.area_code rows between unbounded preceding and unbounded following)
)

select
    *,
    row_number() over (order by gap_id, area_code)::integer as cell_id,
    method not in ('proportion', 'life_expectancy') and expected between 1e-9 and 100 as is_small
from expected
