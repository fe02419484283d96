-- Home visits by practice and month; a month that several packs state counts as the newest one has it.
with

returns as (select * from {{ ref('stg_ccg__ccg_practice_returns') }}),

practices as (select * from {{ ref('gp_practice') }}),

visits as (
    select
        practice_code,
        coalesce(try_strptime(period, '%b-%y'), try_cast(left(period, 10) as date)) as month_start,
        numerator
    from returns
    where sheet = 'gp_activity' and measure = 'home_visits'
    qualify row_number() over (partition by practice_code, period order by pack_month desc) = 1
)

select
    cast(visits.month_start as date) as period_start,
    practices.practice_code as area_code,
    practices.pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    visits.numerator,
    cast(null as bigint) as denominator
from visits
inner join practices on visits.practice_code = practices.practice_code
where visits.month_start is not null
