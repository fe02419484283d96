-- Grain: one row per value of the spine: numerator and denominator as its method needs them, whether everything
-- it needs was supplied (the outcomes, too, where it is a share of them), and whether all of it is complete. An area without events in a supplied period has 0, not nothing. A published figure has the
-- counts that were published with it, if any.
with spine as (select * from {{ ref('int_value_spine') }}),

indicator as (select * from {{ ref('int_indicator') }}),

supply as (select * from {{ ref('int_value_supply') }}),

count as (
    select
        indicator_id, area_code, period_id, sex, age_band, sum(numerator) as numerator, sum(denominator) as denominator,
        bool_or(is_hidden) as is_hidden
    from {{ ref('int_period_count') }}
    group by all
),

population as (
    select indicator_id, area_code, period_id, sex, age_band, round(sum(population order by population), 6) as population
    from {{ ref('int_period_population') }}
    group by all
),

expected as (select * from {{ ref('rst_expected_events') }}),

official as (
    select indicator_id, area_code, period_id, sex, value, numerator, denominator from {{ ref('int_official_value') }}
)

select
    spine.* exclude (months),
    case when spine.is_published then 'published' else indicator.method end as method,
    indicator.multiplier,
    supply.months_needed,
    supply.months_supplied,
    supply.months_followed_up,
    supply.months_complete,
    coalesce(count.is_hidden, false) and not spine.is_published as is_hidden,
    case when spine.is_published then official.value is not null
        else supply.months_followed_up = supply.months_needed and not coalesce(count.is_hidden, false) end as is_supplied,
    is_supplied and supply.months_complete = supply.months_needed as has_all_months,
    case when not spine.is_official then fall.reason end as fall_reason,
    has_all_months and fall_reason is null as is_complete,
    case when not is_supplied then null
        when spine.is_published then official.numerator
        else coalesce(count.numerator, 0) end::double as numerator,
    case when not is_supplied then null
        when spine.is_published then official.denominator
        when indicator.method in ('count', 'total') then null
        when indicator.method = 'smr' then expected.expected
        when indicator.population_basis is not null and count.denominator is null then population.population
        else coalesce(count.denominator, 0) end::double as denominator
from spine
join indicator using (indicator_id)
join supply using (indicator_id, area_code, period_id)
left join {{ ref('int_value_fall') }} as fall using (indicator_id, period_id)
left join count using (indicator_id, area_code, period_id, sex, age_band)
left join population using (indicator_id, area_code, period_id, sex, age_band)
left join expected using (indicator_id, area_code, period_id)
left join official using (indicator_id, area_code, period_id, sex)
