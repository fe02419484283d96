-- Grain: financial year × segment × network × quintile × measure. Exact counts of the whole grid, nothing left out: 0
-- where there is nobody. People are those on the lists at the year's snapshot; the other measures need all twelve
-- months of their extract.
with person as (select * from {{ ref('int_person_segment') }}),

delivery as (select * from {{ ref('int_delivery') }} where verdict <> 'rejected'),

activity as (
    select * from {{ ref('rst_segment_activity') }} union all by name select * from {{ ref('rst_segment_prescribing') }}
),

year as (select * from {{ ref('rst_segment_year') }}),

measure as (
    from (values ('people', null), ('emergency_admissions', 'dbth_apc'), ('ae_attendances', 'dbth_ecds'),
        ('bed_days', 'dbth_apc'), ('prescribing_cost_apportioned', 'ccg_prescribing')) as measure (measure, extract)
),

supply as (
    select extract, {{ financial_year_id('month_start') }} as period_id, count(distinct month_start) as months
    from (select extract, date_trunc('month', unnest(periods)) as month_start from delivery)
    group by all
),

people as (
    select
        year.period_id, person.segment, coalesce(person.pcn_code, 'unknown') as pcn_code,
        coalesce(person.imd_quintile, 'unknown') as imd_quintile, 'people' as measure, count(*) as quantity
    from person
    join year on year.snapshot_date = person.snapshot_date
    group by all
),

count as (select *, quantity as people from people union all by name select * from activity),

place as (select distinct segment, pcn_code, imd_quintile from count)

select
    year.period_id, place.segment, place.pcn_code, place.imd_quintile, measure.measure,
    measure.extract is null or coalesce(supply.months, 0) = 12 as is_supplied,
    coalesce(count.quantity, 0)::bigint as quantity,
    coalesce(count.people, 0)::bigint as people
from year
cross join place
cross join measure
left join supply on supply.period_id = year.period_id and supply.extract = measure.extract
left join count
    on count.period_id = year.period_id and count.segment = place.segment and count.pcn_code = place.pcn_code
    and count.imd_quintile = place.imd_quintile and count.measure = measure.measure
