-- Grain: one row per published count and one of the spans of months it is made of. Snapshots: the count taken at the
-- end of a month is the same for every period that ends with it. People who count once: the same in periods of the
-- same days. Growth compares with the same months a year before.
with unit as (select * from {{ ref('rst_sum_unit') }}),

indicator as (select indicator_id, aggregation, method from {{ ref('int_indicator') }}),

period as (select period_id, period_start, (period_end + interval 1 day)::date as period_next from {{ ref('int_period') }}),

count as (
    select
        seen.count_key, seen.measure, value.indicator_id, value.area_code, value.sex, value.age_band, indicator.aggregation,
        case when indicator.method = 'growth' and seen.measure = 'denominator' then 12 else 0 end as months_back,
        case when indicator.method = 'growth' then 'numerator' else seen.measure end as unit_measure,
        (period.period_start - months_back * interval 1 month)::date as starts,
        (period.period_next - months_back * interval 1 month)::date as next_starts
    from {{ ref('rst_seen_bounds') }} as seen
    join {{ ref('rst_standing') }} as value on value.value_key = seen.value_key
    join indicator on indicator.indicator_id = value.indicator_id
    join period on period.period_id = value.period_id
    where seen.measure <> 'complement'
),

made_of_spans as (
    select count.count_key, unit.unit_key
    from count
    join unit
        on unit.indicator_id = count.indicator_id
        and unit.area_code = count.area_code
        and unit.sex = count.sex
        and unit.age_band = count.age_band
        and unit.measure = count.unit_measure
        and unit.starts >= count.starts
        and unit.next_starts <= count.next_starts
    where count.aggregation = 'sum'
    -- The spans a year before may not reach back as far.
    qualify sum(unit.next_starts - unit.starts) over (partition by count.count_key)
        = any_value(count.next_starts - count.starts) over (partition by count.count_key)
),

same_snapshot as (
    select
        count_key,
        first_value(count_key) over (
            partition by indicator_id, area_code, sex, age_band, measure, next_starts,
                case when aggregation = 'people' then starts end
            order by starts, count_key
        ) as first_key
    from count
    where aggregation <> 'sum' and indicator_id in (select indicator_id from unit)
)

select count_key, unit_key from made_of_spans
union all
select count_key, first_key from same_snapshot where first_key <> count_key
