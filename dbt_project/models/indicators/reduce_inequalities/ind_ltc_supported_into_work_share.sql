-- People with a long-term condition, not in work, by month in which their employment support began, and those of them
-- whom it led into work; each person once per financial year.
with

started as (
    select *
    from {{ ref('int_employment_support') }}
    qualify row_number() over (
        partition by person_or_episode_key, year(started_on - interval 3 month)
        order by started_on, episode_key
    ) = 1
)

select
    cast(date_trunc('month', started_on) as date) as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) filter (where into_work_on is not null) as numerator,
    count(*) as denominator
from started
group by all
