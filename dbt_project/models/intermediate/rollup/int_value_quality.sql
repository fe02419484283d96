-- Grain: one row per indicator, area and period of the spine: what of its inputs a reader should know, whatever its counts are.
-- Official figures come ready made: neither our populations nor our deliveries are in them.
with spine as (select distinct * exclude (sex, age_band) from {{ ref('int_value_spine') }}),

indicator as (select indicator_id, method, population_basis, event_extract, arrival_part from {{ ref('int_indicator') }}),

population as (
    select
        area_code, list, population_year,
        bool_or(basis = 'interpolated') as is_interpolated, bool_or(basis = 'carried') as is_carried
    from {{ ref('int_population') }}
    group by all
),

delivery as (
    select extract, date_trunc('month', unnest(periods))::date as month_start, quarantined, rows_in
    from {{ ref('int_delivery') }}
    where verdict <> 'rejected'
),

set_aside as (
    select period.period_id, delivery.extract, sum(delivery.quarantined) / nullif(sum(delivery.rows_in), 0) as share
    from {{ ref('int_period') }} as period
    join delivery on delivery.month_start between period.period_start and period.period_end
    group by all
),

completeness as (select * from {{ ref('int_period_completeness') }}),

change as (select area_code, changed_on, change, is_comparable from {{ ref('area_change') }}),

-- Growth looks back a year before its period begins.
reach as (
    select
        spine.*,
        (spine.period_start - case indicator.method when 'growth' then 12 else 0 end * interval 1 month)::date
            as first_day
    from spine
    join indicator on indicator.indicator_id = spine.indicator_id
),

changed as (
    select
        reach.indicator_id, reach.area_code, reach.period_id,
        bool_or(change.change = 'began' and reach.first_day < change.changed_on) as carried_back,
        bool_or(change.change = 'redrawn' and reach.period_end >= change.changed_on) as recast,
        bool_or(not change.is_comparable and reach.first_day < change.changed_on
            and reach.period_end >= change.changed_on) as spans_change
    from reach
    join change on change.area_code = reach.area_code
    group by all
),

estimated as (
    select
        spine.indicator_id, spine.area_code, spine.period_id,
        bool_or(population.is_interpolated) as is_interpolated, bool_or(population.is_carried) as is_carried
    from spine
    join indicator on indicator.indicator_id = spine.indicator_id and indicator.population_basis is not null
    join population
        on population.area_code = spine.area_code
        and population.list = case spine.area_type when 'pcn' then 'registered' else 'resident' end
        and case indicator.population_basis
            when 'persons' then population.population_year
                = year(spine.period_start + ((spine.period_end - spine.period_start) // 2)::integer)
            else population.population_year between year(spine.period_start) and year(spine.period_end) end
    group by all
)

select
    spine.indicator_id,
    spine.area_code,
    spine.period_id,
    not spine.is_official and coalesce(estimated.is_interpolated, false) as population_interpolated,
    not spine.is_official and coalesce(estimated.is_carried, false) as population_carried,
    case when spine.is_official then 0 else coalesce(set_aside.share, 0) end::double as set_aside_share,
    not spine.is_official and coalesce(changed.carried_back, false) as carried_back,
    not spine.is_official and coalesce(changed.recast, false) as recast,
    coalesce(changed.spans_change, false) as spans_change,
    case when not spine.is_official then completeness.completeness end as likely_completeness
from spine
join indicator on indicator.indicator_id = spine.indicator_id
left join estimated
    on estimated.indicator_id = spine.indicator_id and estimated.area_code = spine.area_code
    and estimated.period_id = spine.period_id
left join changed
    on changed.indicator_id = spine.indicator_id and changed.area_code = spine.area_code
    and changed.period_id = spine.period_id
left join set_aside on set_aside.period_id = spine.period_id and set_aside.extract = indicator.event_extract
left join completeness
    on completeness.period_id = spine.period_id and completeness.extract = indicator.event_extract
    and completeness.part = indicator.arrival_part
