-- Grain: delay in one weekly list. Days as the sender counted them; where they are missing, the days of the delay
-- that fall into the list, first and last day included.
with

delays as (select * from {{ ref('stg_hospital__dbth_discharge_sitrep') }}),

people as (select * from {{ ref('int_person') }}),

-- A list runs from the day after the list before it, never over a month end, never for more than a week.
lists as (
    select
        list_date,
        greatest(
            list_date - 6,
            cast(date_trunc('month', list_date) as date),
            lag(list_date) over (order by list_date) + 1
        ) as list_start
    from (select distinct list_date from delays) as dates
)

select
    delays.list_date,
    cast(date_trunc('month', delays.list_date) as date) as month_start,
    delays.patient_key,
    people.pcn_code,
    delays.site,
    delays.delay_start,
    delays.reason_code,
    delays.attributable_to,
    delays.responsible_la,
    coalesce(
        delays.delayed_days_in_period,
        greatest(
            0,
            least(coalesce(delays.delay_end, lists.list_date), lists.list_date)
            - greatest(delays.delay_start, lists.list_start) + 1
        )
    ) as days
from delays
inner join lists on delays.list_date = lists.list_date
left join people on delays.person_key = people.person_key
