-- Grain: practice × month. Cost and items of everything prescribed by the practices; what could not be attributed to a
-- practice is left out.
with

items as (select * from {{ ref('stg_ccg__ccg_prescribing') }}),

practices as (select * from {{ ref('gp_practice') }})

select
    practices.practice_code,
    practices.pcn_code,
    cast(date_trunc('month', items.year_month) as date) as month_start,
    sum(items.items) as items,
    -- As decimals: a sum of fractions in floating point would depend on the order of the rows.
    sum(cast(items.actual_cost as decimal(18, 5))) as actual_cost
from items
inner join practices on items.practice_code = practices.practice_code
group by all
