-- Grain: financial year × segment × network × quintile × measure. Events and the people behind them. An event counts
-- for the segment its person was in before it (the newest earlier snapshot, else the first one); events of nobody on
-- a list stand under `not_on_a_list`.
with segment as (select * from {{ ref('int_person_segment') }} where person_key is not null),

activity as (select * from {{ ref('int_hospital_activity') }} where month_start is not null),

first_seen as (
    select person_key, arg_min(struct_pack(segment, pcn_code, imd_quintile), snapshot_date) as found
    from segment
    group by person_key
),

earlier as (
    select
        activity.*,
        case when segment.segment is not null
            then struct_pack(segment.segment, segment.pcn_code, segment.imd_quintile) end as found
    from activity
    asof left join segment
        on activity.person_key = segment.person_key and activity.month_start > segment.snapshot_date
),

placed as (
    select earlier.* exclude (found), coalesce(earlier.found, first_seen.found) as found
    from earlier
    left join first_seen on first_seen.person_key = earlier.person_key
)

select
    {{ financial_year_id('month_start') }} as period_id,
    coalesce(found.segment, 'not_on_a_list') as segment,
    coalesce(found.pcn_code, 'unknown') as pcn_code,
    coalesce(found.imd_quintile, 'unknown') as imd_quintile,
    measure,
    sum(quantity)::bigint as quantity,
    count(distinct coalesce(person_key, event_key)) as people
from placed
group by all
