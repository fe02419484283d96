-- Grain: person × snapshot of the register. The segment is that of the first rule that holds. People without a usable
-- NHS number are in it too: they count as people, though nothing can be linked to them.
with

register as (select * from {{ ref('int_register') }}),

rules as (select * from {{ ref('segment_rule') }}),

lsoas as (select * from {{ ref('lsoa11') }}),

weights as (select * from {{ ref('int_prescribing_weight') }}),

-- Rules are tried once for each combination of traits: there are far fewer than people.
traits as (
    select distinct qof_registers, age, efi_score, ltc_count
    from register
),

judged as (
    select traits.*, min(rules.priority) as priority
    from traits
    inner join rules
        on (rules.register is null or list_contains(string_split(traits.qof_registers, '|'), rules.register))
        and (rules.minimum_age is null or traits.age >= rules.minimum_age)
        and (rules.maximum_age is null or traits.age <= rules.maximum_age)
        and (rules.above_frailty_index is null or traits.efi_score > rules.above_frailty_index)
        and (rules.minimum_conditions is null or traits.ltc_count >= rules.minimum_conditions)
    group by all
)

select
    register.snapshot_date,
    register.person_key,
    rules.segment,
    register.gp_practice as practice_code,
    register.pcn_code,
    'IMD19_Q' || lsoas.imd19_quintile as imd_quintile,
    weights.cost_weight
from register
inner join judged
    on register.qof_registers is not distinct from judged.qof_registers
    and register.age is not distinct from judged.age
    and register.efi_score is not distinct from judged.efi_score
    and register.ltc_count is not distinct from judged.ltc_count
inner join rules on judged.priority = rules.priority
left join lsoas on register.lsoa11 = lsoas.lsoa11_code
left join weights
    on register.age between weights.age_from and weights.age_to
    and coalesce(register.sex, 'unknown') = weights.sex
