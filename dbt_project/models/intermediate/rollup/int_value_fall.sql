-- Grain: one row per indicator and period with a fall in events that nothing explains, in a month it is made of: of its
-- own events, or of the rows of an extract it is counted from. Growth also looks at the year before.
with fall as (select * from {{ ref('int_fall_finding') }} where explained_by is null),

indicator as (select indicator_id, method, periods, aggregation, counted_extracts from {{ ref('int_indicator') }}),

period as (select period_id, period_type, period_start, period_end from {{ ref('int_period') }}),

touched as (
    select
        indicator.indicator_id, indicator.method, indicator.periods, indicator.aggregation, fall.month_start,
        max(1 - fall.events / fall.expected) as share
    from fall
    join indicator
        on case fall.subject when 'indicator' then indicator.indicator_id = fall.series_id
            else list_contains(indicator.counted_extracts, fall.series_id) end
    group by all
),

within as (
    select touched.indicator_id, period.period_id, touched.month_start, touched.share
    from touched
    join period
        on list_contains(touched.periods, period.period_type)
        and (touched.month_start between period.period_start and period.period_end
            or (touched.method = 'growth'
                and touched.month_start + interval 12 month between period.period_start and period.period_end))
        -- A snapshot stands for the end of the period only.
        and (touched.aggregation = 'sum' or touched.month_start > period.period_end - interval 3 month)
)

select
    indicator_id, period_id,
    'far fewer events than usual in ' || strftime(min(month_start), '%B %Y')
        || case count(*) when 1 then '' when 2 then ' and in one more month'
            else ' and in ' || (count(*) - 1) || ' more months' end
        || ' (' || {{ fall_share('arg_min(share, month_start)') }} || ' missing), and no delivery explains it' as reason
from within
group by indicator_id, period_id
