-- Event rows and those with a valid NHS number, by month of the event: for each partner, and all partners together
-- for the district.
with

counted as (
    select
        month_start,
        unnest([partner, '{{ var("district_code") }}']) as area_code,
        event_rows,
        linked_rows
    from {{ ref('int_event_row') }}
    where month_start is not null
)

select
    month_start as period_start,
    area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    sum(linked_rows) as numerator,
    sum(event_rows) as denominator
from counted
group by all
