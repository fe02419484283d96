-- Grain: one row per indicator, period and IMD quintile (1 = most deprived) with a published value, as the slope index
-- needs it: shares as fractions, and the weight of the quintile: the indicator's own denominator (the people aged 65
-- and over of a rate of those, the expected events of a standardised ratio), not everybody who lives there.
with value as (
    {{ main_values('rst_released_value') }} and value.method in ('smr', 'crude_rate', 'dsr', 'proportion')
),

area as (
    select area_code, right(area_code, 1)::integer as quintile
    from {{ ref('int_area') }}
    where area_type = 'imd_quintile'
)

select
    value.indicator_id, value.period_id, value.method, area.quintile, value.denominator as population,
    value.value / case value.method when 'proportion' then value.multiplier else 1 end as value,
    value.ci95_lower / case value.method when 'proportion' then value.multiplier else 1 end as ci95_lower,
    value.ci95_upper / case value.method when 'proportion' then value.multiplier else 1 end as ci95_upper,
    value.multiplier
from value
join area on area.area_code = value.area_code
where value.value is not null and value.is_complete
