-- Grain: one row per series and month: how many events there were in months that were supplied and are complete. A series
-- is the events of an indicator at the place (the best area that stands for it; people, who count once in a period, by
-- its shortest kind of period), or the event rows of an extract. What
-- is taken as a snapshot, added up in pounds or hours, or published ready made is no series of events.
with indicator as (
    select
        *,
        case method when 'proportion' then 'denominator' else 'numerator' end as events_are,
        case when aggregation = 'people'
            then case when list_contains(periods, 'month') then 'month' else 'quarter' end end as counted_by,
        is_quarterly or coalesce(counted_by = 'quarter', false) as is_by_quarter
    from {{ ref('int_indicator') }}
    where aggregation in ('sum', 'people') and not is_yearly
        and method in ('proportion', 'count', 'crude_rate', 'dsr', 'growth', 'life_expectancy')
),

area as (select area_code, area_type from {{ ref('int_area') }}),

place as (
    select indicator.*, headline.area_code
    from indicator
    join (select distinct indicator_id, area_code from {{ ref('int_area_month') }}) as counted using (indicator_id)
    join area on area.area_code = counted.area_code
        and not list_contains(indicator.official_areas, area.area_type)
    join {{ ref('int_headline_area') }} as headline on headline.area_code = counted.area_code
    qualify row_number() over (partition by indicator.indicator_id order by headline.place) = 1
),

extract_month as (
    select distinct extract, date_trunc('month', unnest(periods))::date as month_start
    from {{ ref('int_delivery') }}
    where verdict <> 'rejected'
),

-- A month with a file of nothing has 0 events, and is not left out.
supplied as (
    select
        'indicator' as subject, place.indicator_id as series_id, place.area_code,
        case when place.is_by_quarter then date_trunc('quarter', month.month_start)::date else month.month_start end
            as month_start,
        place.events_are
    from {{ ref('int_month_completeness') }} as month
    join place using (indicator_id)
    where month.is_complete and month.is_followed_up and month.month_start >= place.starts
    group by all
    having count(*) = case when any_value(place.is_by_quarter) then 3 else 1 end
    union all
    select 'extract', extract_month.extract, null, extract_month.month_start, null
    from extract_month
    left join {{ ref('int_extract_completeness') }} as arrived
        on arrived.extract = extract_month.extract and arrived.part = 'all'
        and arrived.event_month = extract_month.month_start
    where extract_month.extract in (select extract from {{ ref('int_event_row') }})
        and coalesce(arrived.completeness, 1) >= {{ var('complete_from') }}
),

counted as (
    select
        'indicator' as subject, indicator_id as series_id, area_code, month_start, sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('int_area_month') }}
    join indicator using (indicator_id)
    where period_type is not distinct from counted_by
    group by all
    union all
    select 'extract', extract, null, month_start, sum(event_rows), null
    from {{ ref('int_event_row') }}
    group by all
)

select
    supplied.subject, supplied.series_id, supplied.area_code, supplied.month_start,
    coalesce(case supplied.events_are when 'denominator' then counted.denominator else counted.numerator end, 0)::double
        as events
from supplied
left join counted
    on counted.subject = supplied.subject and counted.series_id = supplied.series_id
    and counted.area_code is not distinct from supplied.area_code and counted.month_start = supplied.month_start
