-- People with a long-term condition who moved into work with employment support, by month in which the job was
-- recorded; each person once per financial year.
with

into_work as (
    select *
    from {{ ref('int_employment_support') }}
    where into_work_on is not null
    qualify row_number() over (
        partition by person_or_episode_key, year(into_work_on - interval 3 month)
        order by into_work_on, episode_key
    ) = 1
)

select
    cast(date_trunc('month', into_work_on) as date) as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from into_work
group by all
