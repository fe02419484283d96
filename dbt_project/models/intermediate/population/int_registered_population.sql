-- Grain: PCN × list_year × age_from. People on the lists of the PCN's practices, from the snapshot of each
-- year that lies nearest to 30 June.
with

register as (select * from {{ ref('int_register') }}),

snapshots as (
    select
        cast(extract(year from snapshot_date) as integer) as list_year,
        arg_min(snapshot_date, abs(snapshot_date - make_date(extract(year from snapshot_date), 6, 30)))
            as snapshot_date
    from (select distinct snapshot_date from register) as dates
    group by all
)

select
    register.pcn_code,
    snapshots.list_year,
    {{ age_from('register.age') }} as age_from,
    count(*) as population
from register
inner join snapshots on register.snapshot_date = snapshots.snapshot_date
where register.pcn_code is not null and register.age is not null
group by all
