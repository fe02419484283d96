-- Grain: member × month, members who live in Bassetlaw. Where a member moves within the month, the last visit counts.
with

visits as (select * from {{ ref('stg_district_council__bdc_leisure') }}),

lsoas as (select * from {{ ref('lsoa11') }}),

members as (
    select
        member_key,
        cast(date_trunc('month', visited_at) as date) as month_start,
        arg_max(lsoa11, visited_at) as lsoa11,
        arg_max(sex, visited_at) as sex,
        max(birth_year) as birth_year,
        count(*) as visits
    from visits
    where member_key is not null
    group by all
)

select
    members.member_key,
    members.month_start,
    members.lsoa11,
    members.sex,
    -- Only the year of birth is known: the age reached in that calendar year.
    cast(extract(year from members.month_start) - members.birth_year as integer) as age,
    members.visits
from members
inner join lsoas on members.lsoa11 = lsoas.lsoa11_code
