-- Grain: one row per count of a value: its numerator, and where they are counts of people its denominator and, of a
-- share, the people it does not count. What a reader knows of it after primary suppression and rounding, how many
-- candidates must remain, and what hiding it would cost: little for small counts, most for a 0, which people expect. A
-- hidden count has a cost, too: that of not even telling that it is small.
-- What is not published at all (not supplied, or restricted to the partners) could be anything. A held correction is
-- hidden like a small count: it lies within 7 people of what is shown, and may not be worked out.
with value as (
    select
        *,
        restricted_only or numerator_hidden or denominator_hidden or complement_hidden as any_hidden,
        case when rounded then 3 else 2 end as wanted_once_hidden,
        case when in_small_group then 0 else 1 end as least_hidden,
        policy not in ('official', 'open') and value_status <> 'official' and numerator is not null as may_be_hidden
    from {{ ref('rst_standing') }}
),

count as (
    select
        value_key, 'numerator' as measure, numerator as exact, numerator_hidden as small, restricted_only, numerator_held as held,
        numerator_held or numerator_stale as stale,
        any_hidden or numerator_stale as withheld, least_hidden, most_hidden, numerator_shown as shown, slack, least_shown, wanted_once_hidden,
        may_be_hidden, null as along_key
    from value
    union all
    select
        value_key, 'denominator', denominator, denominator_hidden, restricted_only, denominator_held,
        denominator_held or denominator_stale,
        denominator_hidden or restricted_only or denominator_stale, 1, {{ policy_setting('policy', 'hide_to', 7) }}, denominator_shown,
        {{ rounding_slack('denominator', 'policy') }}, least_shown, wanted_once_hidden, may_be_hidden,
        value_key || '#numerator'
    from value
    where denominator_is_count
    union all
    select
        value_key, 'complement', denominator - numerator, complement_hidden, restricted_only, complement_held,
        complement_held, true, least_hidden,
        {{ policy_setting('policy', 'hide_to', 7) }}, case when complement_held then denominator_shown - numerator_shown end,
        2 * slack, least_shown, wanted_once_hidden, false, null
    from value
    where method = 'proportion'
)

select
    value_key || '#' || measure as count_key,
    value_key, measure,
    exact::double as exact,
    (case when held then greatest(coalesce(greatest(shown - slack, least_shown) - 7, least_shown), 1)
        when small and not restricted_only then least_hidden when withheld or exact is null then 0 when exact = 0 then 0
        else greatest(shown - slack, least_shown) end)::double as low,
    (case when held then coalesce(shown + slack, most_hidden) + 7
        when small and not restricted_only then most_hidden when withheld or exact is null then 1e9
        else shown + slack end)::double as high,
    -- A held count is not the one that is shown: one candidate more.
    (case when held then wanted_once_hidden + 1
        when small and not restricted_only then least(wanted_once_hidden, most_hidden) else 0 end)::integer as wanted,
    wanted_once_hidden::integer as wanted_once_hidden,
    (case when (held or small) and not restricted_only then 20 when withheld or not may_be_hidden then 'infinity'
        when exact = 0 then 1000 else 1 + sqrt(exact) end)::double as cost,
    stale,
    along_key
from count
