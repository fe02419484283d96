-- Grain: one row per indicator and period with wards: is the deprivation gap closing? The gap against that of the
-- latest period of the same kind that shares no month with this one, in the same season, by the same index of deprivation.
with period as (select period_id, period_type, period_start from {{ ref('dim_period') }}),

gap as (
    select gap.*, period.period_type, period.period_start
    from {{ ref('rst_deprivation_gap') }} as gap
    join period on period.period_id = gap.period_id
),

compared as (
    {%- set two_gaps = ['earlier.gap', 'earlier.gap_se', 'gap.gap', 'gap.gap_se'] %}
    select
        gap.*,
        earlier.period_id as earlier_period_id,
        {{ gap_change_verdict(*two_gaps) }} as verdict,
        {{ gap_change_value(*two_gaps) }} as change,
        {{ gap_change_lower(*two_gaps) }} as change_lower,
        {{ gap_change_upper(*two_gaps) }} as change_upper
    from gap
    left join gap as earlier
        on earlier.indicator_id = gap.indicator_id
        and earlier.period_type = gap.period_type
        and earlier.imd_vintage = gap.imd_vintage
        and earlier.gap is not null
        and gap.gap is not null
        and earlier.period_start + {{ months_between_comparisons('gap.period_type') }} * interval 1 month
            = gap.period_start
    where gap.is_own_index
)

select
    * exclude (period_type, period_start, gap_se, is_own_index),
    coalesce(verdict, 'no_earlier_period') as gap_trend,
    {% for column in ['change', 'change_lower', 'change_upper'] %}
    {{ gap_change_events(column, 'expected', 'multiplier') }} as {{ column }}_events {{- ',' if not loop.last }}
    {% endfor %}
from compared
