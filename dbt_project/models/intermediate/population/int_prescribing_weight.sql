-- Grain: sex × age group. What a person weighs in prescribing costs (ASTRO-PU 2013); a sex that is not known weighs as
-- the mean of both.
with weights as (select sex, age_from, age_to, cost_weight from {{ ref('astro_pu_2013') }})

select * from weights
union all
select
    'unknown' as sex,
    age_from,
    age_to,
    cast(sum(cost_weight) / 2 as decimal(8, 2)) as cost_weight
from weights
group by age_from, age_to
