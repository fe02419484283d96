-- Grain: organisation, month and staff group. Leavers without those whose fixed term or rotation ended (leaving
-- reasons 06 to 09); NULL where one of these cells is hidden, as a hidden number is not zero.
with

groups as (select * from {{ ref('stg_hospital__dbth_workforce') }}),

ended_terms as (
    select
        org,
        staff_group,
        period,
        case when count(*) = count(people) then sum(people) end as people
    from {{ ref('stg_hospital__dbth_workforce_leavers') }}
    where leaving_reason between '06' and '09'
    group by all
)

select
    groups.org,
    cast(date_trunc('month', groups.period) as date) as month_start,
    groups.staff_group,
    groups.headcount,
    -- Fixed decimals, so that sums do not depend on the order of the rows.
    cast(groups.contracted_fte as decimal(18, 4)) as contracted_fte,
    cast(groups.budgeted_fte as decimal(18, 4)) as budgeted_fte,
    cast(groups.fte_days_available as decimal(18, 4)) as fte_days_available,
    cast(groups.fte_days_sick as decimal(18, 4)) as fte_days_sick,
    case when ended_terms.org is null then groups.leavers else groups.leavers - ended_terms.people end as leavers
from groups
left join ended_terms
    on groups.org = ended_terms.org
    and groups.staff_group = ended_terms.staff_group
    and groups.period = ended_terms.period
