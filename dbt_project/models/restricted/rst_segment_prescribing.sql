-- Grain: financial year × segment × network × quintile × measure. What the practices' prescribing of the year cost, in
-- whole pounds, apportioned to the people on their lists by age and sex (ASTRO-PU): who was prescribed what is not
-- known. The cost of a practice with nobody on a list at the year's snapshot stands under `not_on_a_list`.
with person as (select * from {{ ref('int_person_segment') }} where practice_code is not null),

year as (select * from {{ ref('rst_segment_year') }}),

cost as (
    select {{ financial_year_id('month_start') }} as period_id, practice_code, sum(actual_cost) as actual_cost
    from {{ ref('int_prescribing_month') }}
    group by all
),

listed as (
    select
        year.period_id, person.practice_code, person.segment, coalesce(person.pcn_code, 'unknown') as pcn_code,
        coalesce(person.imd_quintile, 'unknown') as imd_quintile, count(*) as people,
        -- Somebody of unknown age weighs one unit.
        sum(coalesce(person.cost_weight, 1)) as weight
    from person
    join year on year.snapshot_date = person.snapshot_date
    group by all
),

share as (select *, weight / sum(weight) over (partition by period_id, practice_code) as part from listed)

select
    cost.period_id,
    coalesce(share.segment, 'not_on_a_list') as segment,
    coalesce(share.pcn_code, 'unknown') as pcn_code,
    coalesce(share.imd_quintile, 'unknown') as imd_quintile,
    'prescribing_cost_apportioned' as measure,
    round(sum(round(cost.actual_cost::double * coalesce(share.part, 1), 6)::decimal(18, 6)))::bigint as quantity,
    coalesce(sum(share.people), 0)::bigint as people
from cost
left join share on share.period_id = cost.period_id and share.practice_code = cost.practice_code
group by all
