-- Grain: LSOA. The primary care network with which most of its registered people are, at the latest snapshot; stands in
-- for people who are not found on a list.
with

register as (select * from {{ ref('int_register') }}),

counted as (
    select lsoa11, pcn_code, count(*) as people
    from register
    where snapshot_date = (select max(snapshot_date) from register)
        and lsoa11 is not null and pcn_code is not null
    group by all
)

select lsoa11, arg_max(pcn_code, (people, pcn_code)) as pcn_code
from counted
group by lsoa11
