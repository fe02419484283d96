-- Grain: practice × snapshot. People on the list and what they weigh in prescribing costs (ASTRO-PU). A list holds from
-- the month of its snapshot until the next one; the first also for the months before it.
with

register as (select * from {{ ref('int_register') }} where gp_practice is not null),

weights as (select * from {{ ref('int_prescribing_weight') }})

select
    register.gp_practice as practice_code,
    register.pcn_code,
    register.snapshot_date,
    case
        when register.snapshot_date = min(register.snapshot_date) over (partition by register.gp_practice)
            then date '1900-01-01'
        else cast(date_trunc('month', register.snapshot_date) as date)
    end as holds_from,
    count(*) as people,
    sum(weights.cost_weight) as astro_pu
from register
left join weights
    on register.age between weights.age_from and weights.age_to
    and coalesce(register.sex, 'unknown') = weights.sex
group by register.gp_practice, register.pcn_code, register.snapshot_date
