-- Grain: one row per indicator, area and period of the spine: how many of the months it needs were supplied, of how
-- many of these the outcomes are known, and how many are complete; of a published figure, whether it was.
-- Sums need every month (growth also the same months a year before); a snapshot needs one in the last three months, a
-- yearly one anywhere in the year.
-- A hospital site or an organisation that its extract never mentions is not covered by it: nothing was supplied, rather
-- than zero.
with spine as (select distinct * exclude (sex, age_band) from {{ ref('int_value_spine') }} where not is_published),

published as (
    select distinct indicator_id, area_code, period_id from {{ ref('int_value_spine') }} where is_published
),

official as (select * from {{ ref('int_official_value') }}),

indicator as (select indicator_id, method, aggregation, is_yearly from {{ ref('int_indicator') }}),

-- Official figures come ready made: what is published is complete.
supply as (
    select
        supply.*,
        supply.source <> 'local' or month.is_followed_up as is_followed_up,
        supply.source <> 'local' or month.is_complete as is_complete
    from {{ ref('int_indicator_supply') }} as supply
    left join {{ ref('int_month_completeness') }} as month using (indicator_id, month_start)
),

mentioned as (select distinct indicator_id, area_code from {{ ref('int_area_month') }}),

needed as (
    select
        spine.indicator_id, spine.area_code, spine.period_id, spine.source, spine.period_end, spine.period_start,
        indicator.aggregation = 'last' as is_snapshot,
        case when indicator.is_yearly then spine.period_start else spine.period_end - interval 3 month end as snapshot_from,
        indicator.method = 'growth' as is_growth,
        case when indicator.aggregation = 'last' then 1
            when indicator.method = 'growth' then spine.months + least(spine.months, 12)
            else spine.months end as months_needed
    from spine
    join indicator on indicator.indicator_id = spine.indicator_id
    where spine.area_type not in ('site', 'provider')
        or (spine.indicator_id, spine.area_code) in (select (indicator_id, area_code) from mentioned)
)

select
    spine.indicator_id,
    spine.area_code,
    spine.period_id,
    coalesce(any_value(needed.months_needed), spine.months)::integer as months_needed,
    {% for months, condition in [('months_supplied', 'TRUE'), ('months_followed_up', 'supply.is_followed_up'),
        ('months_complete', 'supply.is_complete')] %}
    least(coalesce(any_value(needed.months_needed), 0), count(supply.month_start) filter ({{ condition }}))::integer
        as {{ months }} {{- ',' if not loop.last }}
    {% endfor %}
from spine
left join needed using (indicator_id, area_code, period_id)
left join supply
    on supply.indicator_id = needed.indicator_id
    and supply.source = needed.source
    and (case when needed.is_snapshot
            then supply.month_start between needed.snapshot_from and needed.period_end
            else supply.month_start between needed.period_start and needed.period_end end
        or (needed.is_growth
            and supply.month_start + interval 12 month between needed.period_start and needed.period_end))
group by spine.indicator_id, spine.area_code, spine.period_id, spine.months

union all

select
    published.indicator_id, published.area_code, published.period_id, 1,
    least(1, count(official.value))::integer as given, given, given
from published
left join official using (indicator_id, area_code, period_id)
group by all
