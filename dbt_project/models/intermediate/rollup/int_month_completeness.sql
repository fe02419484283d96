-- Grain: one row per indicator and month of its own counts that was supplied: has everything of the month come?
-- Files must cover, without a hole, the month and the time after it that the registry declares: the follow-up of an
-- outcome and the lag of files that come by another date than the one that counts. Where past files tell how much of
-- so recent a month is still missing, not much of it may be.
with indicator as (select * from {{ ref('int_indicator') }}),

supply as (select indicator_id, month_start from {{ ref('int_indicator_supply') }} where source = 'local'),

arrived as (select * from {{ ref('int_extract_completeness') }}),

numbered as (
    select
        *,
        (month_start - row_number() over (partition by indicator_id order by month_start) * interval 1 month)::date
            as stretch
    from supply
),

covered as (
    select
        indicator_id, month_start,
        last_day(max(month_start) over (partition by indicator_id, stretch)) as covered_to
    from numbered
),

waited as (
    select
        covered.*,
        indicator.has_follow_up,
        indicator.event_extract,
        indicator.arrival_part,
        covered.covered_to >= last_day((covered.month_start + indicator.wait_months * interval 1 month)::date)
            + indicator.wait_days as is_covered
    from covered
    join indicator on indicator.indicator_id = covered.indicator_id
)

select
    waited.indicator_id,
    waited.month_start,
    waited.is_covered or not waited.has_follow_up as is_followed_up,
    coalesce(arrived.completeness, 1) as completeness,
    waited.is_covered and coalesce(arrived.completeness, 1) >= {{ var('complete_from') }} as is_complete
from waited
left join arrived
    on arrived.extract = waited.event_extract and arrived.part = waited.arrival_part
    and arrived.event_month = waited.month_start
