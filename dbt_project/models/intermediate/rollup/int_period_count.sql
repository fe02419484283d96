-- Grain: one row per value of the spine and stratum (age band of what is standardised) that has any counts: numerator
-- and denominator of the period.
-- Sums add the months; people are counted once, by kind of period; a snapshot is the last month of the period that has one; growth sets the months against
-- the same months a year before.
with spine as (select * from {{ ref('int_value_spine') }} where not is_published),

indicator as (select indicator_id, method, aggregation from {{ ref('int_indicator') }}),

area_month as (select * from {{ ref('int_area_month') }}),

snapshot_month as (
    select indicator_id, month_start
    from area_month
    group by all
),

expected as (
    select
        spine.indicator_id, spine.area_code, spine.period_id, spine.sex, spine.age_band, spine.period_type, spine.period_start, spine.period_end, indicator.method,
        case when indicator.aggregation = 'last' then (
            select max(snapshot_month.month_start)
            from snapshot_month
            where snapshot_month.indicator_id = spine.indicator_id
                and snapshot_month.month_start between spine.period_start and spine.period_end
        ) else spine.period_start end as first_month
    from spine
    join indicator on indicator.indicator_id = spine.indicator_id
),

current_count as (
    select
        expected.indicator_id, expected.area_code, expected.period_id, expected.sex, expected.age_band, expected.method,
        area_month.age_band as stratum,
        sum(area_month.numerator) as numerator,
        sum(area_month.denominator) as denominator,
        bool_or(area_month.numerator is null) as is_hidden
    from expected
    join area_month
        on area_month.indicator_id = expected.indicator_id
        and area_month.area_code = expected.area_code
        and expected.sex in ('persons', area_month.sex)
        and expected.age_band in ('all', area_month.age_band)
        and area_month.month_start between expected.first_month and expected.period_end
        and (area_month.period_type is null
            or (area_month.period_type = expected.period_type and area_month.month_start = expected.period_start))
    group by all
),

previous_count as (
    select
        expected.indicator_id, expected.area_code, expected.period_id, expected.sex, expected.age_band,
        sum(area_month.numerator) as numerator
    from expected
    join area_month
        on area_month.indicator_id = expected.indicator_id
        and area_month.area_code = expected.area_code
        and expected.sex in ('persons', area_month.sex)
        and expected.age_band in ('all', area_month.age_band)
        and area_month.month_start + interval 12 month between expected.first_month and expected.period_end
    where expected.method = 'growth'
    group by all
)

select
    indicator_id,
    area_code,
    period_id,
    sex,
    age_band,
    coalesce(current_count.stratum, 'all') as stratum,
    current_count.numerator::double as numerator,
    (case when current_count.method is distinct from 'growth' and previous_count.numerator is null
        then current_count.denominator
        else previous_count.numerator end)::double as denominator,
    coalesce(current_count.is_hidden, false) as is_hidden
from current_count
full join previous_count using (indicator_id, area_code, period_id, sex, age_band)
