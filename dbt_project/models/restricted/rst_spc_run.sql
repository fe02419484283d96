-- Grain: indicator × area × period of a control chart: what the chart says there, by which rule, and since when it has said the
-- very same without a break. The rules about a few points in a row have no such day: they say how many. Nothing goes on over a
-- rebase.
with chart as (select * from {{ ref('fct_indicator_spc') }}),

changed as (
    select
        *,
        coalesce(special_cause <> lag(special_cause) over series, true) as is_new,
        coalesce(sign(value - mean) <> sign(lag(value - mean) over series), true) as is_new_side
    from chart
    window series as (partition by indicator_id, area_code, period_type, usual_since order by period_start)
)

select
    indicator_id, area_code, period_id, period_type, period_start, chart_type, usual_since, variation, assurance, special_cause,
    -- Only then is the value itself outside what is usual; a run or trend says so of several values together.
    special_cause in ('Above UCL', 'Below LCL', 'No Events For Long') as is_outside_limits,
    case when special_cause in ('Above UCL', 'Below LCL', 'No Events For Long')
            then max(case when is_new then period_start end) over series
        when special_cause like '7 Points%' then max(case when is_new_side then period_start end) over series end
        as same_since
from changed
window series as (partition by indicator_id, area_code, period_type, usual_since order by period_start)
