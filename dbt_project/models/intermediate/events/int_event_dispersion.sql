-- Grain: indicator × length of period in months, of indicators whose events a person may have repeatedly. The variance of
-- their count over that of independent events: sum(f² n_f) / sum(f n_f), f being the events of a person in a period and
-- n_f the people with so many. One factor for every area and age, from all periods of that length that follow each
-- other, as single areas have too few people; somebody who is not known counts by each event.
with event as (
    {%- for indicator_id, counted in repeated_events().items() %}
    select
        '{{ indicator_id }}' as indicator_id, month_start, person_key, count(*) as events
    from {{ ref(counted.events) }}
    where ({{ counted.condition }}) and (lsoa11 is not null or pcn_code is not null) and month_start is not null
    group by all
    {{ 'UNION ALL' if not loop.last }}
    {%- endfor %}
),

length as (select distinct indicator_id, months from {{ ref('int_value_spine') }}),

span as (
    select indicator_id, min(month_start) as first_month, max(month_start) as last_month
    from event
    group by all
),

placed as (
    select
        event.*, length.months,
        datediff('month', event.month_start, span.last_month) // length.months as period,
        (datediff('month', span.first_month, span.last_month) + 1) // length.months as whole_periods
    from event
    join span on span.indicator_id = event.indicator_id
    join length on length.indicator_id = event.indicator_id
),

person as (
    select indicator_id, months, period, person_key, sum(events)::double as events
    from placed
    where period < whole_periods
    group by all
)

select
    indicator_id,
    months,
    greatest(1, sum(case when person_key is null then events else events * events end) / sum(events)) as dispersion
from person
group by all
