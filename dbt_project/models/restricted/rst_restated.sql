-- Grain: one row per value and release that said it otherwise than it would now be shown, by policies under which two
-- counts can differ by 1 to 7 people for sure. Both sides as a reader sees them. Only a view of the past has two such
-- releases, the one before and the one after it.
with value as (select * from {{ ref('rst_primary') }}),

-- A share that was not given, of too few people, had its counts shown.
before as (
    select * replace (replace(value_status, 'not_calculated_small', 'shown') as value_status)
    from {{ source('pipeline', 'published_before') }}
),

now as (
    select
        value_key, indicator_id, area_code, period_id, sex, age_band, method, policy, denominator_is_count,
        case when value_status = 'not_calculated_small' then value_status
            when numerator_hidden or denominator_hidden or complement_hidden then 'suppressed_primary'
            else 'shown' end as new_status,
        -- Counts of days in parts are published whole: what rounding took off is no correction.
        case when new_status = 'shown' then {{ rounded_by('whole', 'numerator_shown') }} end as new_numerator,
        denominator_shown as new_denominator
    from value
    where numerator is not null and not restricted_only and value_status <> 'official'
)

select
    now.value_key, now.method, now.policy, now.denominator_is_count,
    before.value_status as old_status, before.numerator as old_numerator, before.denominator as old_denominator,
    now.new_status, now.new_numerator, now.new_denominator
from now
join before using (indicator_id, area_code, period_id, sex, age_band)
where now.policy = before.policy
    and (now.new_status <> replace(before.value_status, 'unreliable_u', 'shown')
        or now.new_numerator is distinct from before.numerator
        or (now.denominator_is_count and now.new_denominator is distinct from before.denominator))
