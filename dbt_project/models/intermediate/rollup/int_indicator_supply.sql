-- Grain: one row per indicator, source and month for which data were supplied. A source is `local` (partners' extracts)
-- or the code of an area whose official figures come ready made.
-- Local months are those that accepted deliveries of every extract that is counted cover, so that a month without
-- events counts as zero and not as missing; a snapshot covers the two months before it, too. Without a ledger (a build
-- by hand) they are the months that have events. An indicator whose supply is `counts` is stated by later files, or
-- worked out where all its parts are known: it is supplied where there are counts.
with indicator as (select * from {{ ref('int_indicator') }}),

count as (select * from {{ ref('int_indicator_counts') }}),

area as (select area_code, area_type from {{ ref('int_area') }}),

delivered as (
    select distinct extract, date_trunc('month', unnest(periods))::date as month_start
    from {{ ref('int_delivery') }}
    where verdict <> 'rejected'
),

counted as (
    select distinct
        count.indicator_id,
        case when list_contains(indicator.official_areas, area.area_type) then area.area_code else 'local' end as source,
        date_trunc('month', count.period_start)::date as month_start
    from count
    join indicator on indicator.indicator_id = count.indicator_id
    left join area on area.area_code = count.area_code
    where count.period_start is not null and coalesce(count.period_type, 'month') = 'month'
),

needed as (
    select
        indicator_id, len(counted_extracts) as extracts, unnest(counted_extracts) as extract,
        case when list_contains(snapshot_extracts, extract) then [0, 1, 2] else [0] end as months_back
    from indicator
    where supply is distinct from 'counts'
),

told as (
    select
        needed.* exclude (months_back),
        (delivered.month_start - unnest(needed.months_back) * interval 1 month)::date as month_start
    from needed
    join delivered on delivered.extract = needed.extract
)

select indicator_id, 'local' as source, month_start
from told
group by indicator_id, month_start
having count(distinct extract) = any_value(extracts)

union

select counted.indicator_id, counted.source, counted.month_start
from counted
join indicator on indicator.indicator_id = counted.indicator_id
where counted.source <> 'local' or indicator.supply = 'counts'
    or not list_has_any(indicator.counted_extracts, (select coalesce(list(distinct extract), []) from delivered))
