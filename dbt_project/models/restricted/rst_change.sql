-- Grain: indicator. The figure that stands for it against the earlier one, by a test of the published counts and limits.
-- A gap between wards has tests of its own in fct_inequality.
with headline as (select * from {{ ref('rst_headline') }}),

indicator as (select indicator_id, direction, headline, independent_events from {{ ref('int_indicator') }}),

compared as (
    select headline.*, indicator.direction, indicator.independent_events and indicator.headline = 'value' as independent_events
    from headline
    join indicator on indicator.indicator_id = headline.indicator_id
),

tested as (
    select
        indicator_id, direction,
        value - previous_value as change,
        {{ change_test('compared') }} as change_test,
        {{ change_z('compared') }} as z
    from compared
)

select
    indicator_id, change, change_test,
    round({{ change_p_value('z') }}, 4) as change_p_value,
    case when change is null or z is null then 'not_known'
        when {{ change_p_value('z') }} >= 0.05 then 'no_clear_change'
        when (z > 0) = (direction = 'up') then 'better'
        else 'worse' end as direction_of_change
from tested
