-- Grain: one row per count of an indicator, area, sex, age and span of months into which no published period reaches half.
-- Every published period is made of whole spans, whichever periods overlap: months of quarters, years, pooled years
-- and twelve rolling months. What two of them have not in common is a span or several. Snapshots and people who
-- count once add up over areas only: theirs are the published periods themselves. Indicators with nothing hidden are left out.
with value as (select * from {{ ref('rst_standing') }}),

indicator as (select indicator_id, aggregation, method from {{ ref('int_indicator') }}),

period as (select period_id, period_start, (period_end + interval 1 day)::date as period_next from {{ ref('int_period') }}),

count as (
    select
        value.indicator_id, value.area_code, value.sex, value.age_band, seen.measure, seen.count_key, indicator.aggregation,
        period.period_start, period.period_next
    from {{ ref('rst_seen_bounds') }} as seen
    join value on value.value_key = seen.value_key
    join indicator on indicator.indicator_id = value.indicator_id
    join period on period.period_id = value.period_id
    where seen.measure <> 'complement' and (seen.measure = 'numerator' or indicator.method <> 'growth')
    qualify bool_or(seen.wanted > 0) over (partition by value.indicator_id)
),

edge as (
    select distinct indicator_id, unnest([period_start, period_next]) as starts
    from count
    where aggregation = 'sum'
),

span as (
    select indicator_id, starts, lead(starts) over (partition by indicator_id order by starts) as next_starts
    from edge
)

select distinct
    count.indicator_id, count.area_code, count.sex, count.age_band, count.measure, span.starts, span.next_starts,
    concat_ws('|', count.indicator_id, count.area_code, count.sex, count.age_band, span.starts, span.next_starts)
        || '#' || count.measure as unit_key
from count
join span
    on span.indicator_id = count.indicator_id
    and span.starts >= count.period_start
    and span.next_starts <= count.period_next
where count.aggregation = 'sum'
union all
select indicator_id, area_code, sex, age_band, measure, period_start, period_next, count_key
from count
where aggregation <> 'sum'
-- Periods of the same days tell the same count (rst_sum_time): one of them stands in sums over areas, sexes and ages.
qualify row_number() over (
    partition by indicator_id, area_code, sex, age_band, measure, period_start, period_next order by count_key
) = 1
