-- Grain: one row per indicator and period in which all five IMD quintiles have a published value.
-- SII: value of the most deprived end minus the least deprived end; RII: their ratio. Log scale for rates and
-- standardised ratios, logit for shares.
with quintile as (select * from {{ ref('rst_quintile_value') }}),

complete as (
    select *
    from quintile
    qualify count(*) over (partition by indicator_id, period_id) = 5
),

rate as (select * from complete where method <> 'proportion'),

share as (select * from complete where method = 'proportion'),

multiplier as (select distinct indicator_id, period_id, multiplier from share),

of_rates as ({{ slope_index('rate', ['indicator_id', 'period_id'], 'quintile', value_type='rate', transform=true,
    multiplier=-1, confidences=[0.95]) }}),

of_shares as ({{ slope_index('share', ['indicator_id', 'period_id'], 'quintile', value_type='proportion',
    transform=true, multiplier=-1, confidences=[0.95]) }})

select indicator_id, period_id, sii, sii_ci95_lower, sii_ci95_upper, rii, rii_ci95_lower, rii_ci95_upper
from of_rates
where problem is null
union all
select
    of_shares.indicator_id, of_shares.period_id, sii * multiplier, sii_ci95_lower * multiplier,
    sii_ci95_upper * multiplier, rii, rii_ci95_lower, rii_ci95_upper
from of_shares
join multiplier using (indicator_id, period_id)
where problem is null
