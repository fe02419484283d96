-- Grain: one row per value. The decision of the disclosure gate: the status, the counts as they may be seen, and the
-- figures that do not follow from them: of standardised rates what the rounded count would give, a life expectancy to a
-- tenth of a year, of published figures what was published, of a held correction all as before. The only way from
-- restricted to outcomes.
with value as (select * from {{ ref('rst_standing') }}),

secondary as (select value_key, hides_denominator from {{ ref('rst_secondary') }}),

decided as (
    select
        value.*,
        coalesce(secondary.hides_denominator, false) as hides_denominator,
        case
            when value_status = 'not_supplied' then value_status
            when restricted_only then 'suppressed_primary'
            -- Before the small ones: of some of them not even that may be told.
            when secondary.value_key is not null then 'suppressed_secondary'
            when is_held then held_status
            when value_status in ('not_applicable', 'not_calculated_small') then value_status
            when numerator_hidden or denominator_hidden or complement_hidden then 'suppressed_primary'
            when value_status = 'official' then value_status
            when {{ small_base('method', 'policy', 'denominator_shown') }} then 'not_calculated_small'
            when method in ('dsr', 'smr') and numerator_shown - slack < 20 then 'unreliable_u'
            else 'shown'
        end as released_status
    from value
    left join secondary on secondary.value_key = value.value_key
),

visible as (
    select
        *,
        released_status in ('shown', 'unreliable_u', 'official') as has_value,
        -- Counts of what lacks something else (a population) would be neither rounded off nor hidden for being small.
        released_status not in ('suppressed_primary', 'suppressed_secondary', 'not_supplied') as has_count
    from decided
)

select
    value_key, indicator_id, area_code, period_id, sex, age_band, method, multiplier, policy, provisional, is_complete,
    released_status as value_status,
    case when restricted_only and not is_behind_gap and released_status = 'suppressed_primary'
            then 'a ward with a prison or a secure hospital: its figures of deaths and mental health stay with the partners'
        when restricted_only and released_status = 'suppressed_primary'
            then 'ward figures of this indicator stay with the partners; see the gap between wards'
        when is_held and released_status <> 'suppressed_secondary' then held_reason
        when released_status = 'suppressed_primary' then 'too few people'
        when released_status = 'suppressed_secondary' then 'would reveal a small number elsewhere'
        when released_status = 'not_calculated_small' and {{ small_base('method', 'policy', 'denominator_shown') }}
            then 'fewer than about 50 people, too few for a percentage'
        when released_status = 'unreliable_u'
            then concat_ws('; ', 'about 20 events or fewer', case when not is_complete then status_reason end)
        else status_reason end as status_reason,
    case when has_count then numerator_shown end as numerator,
    case when not hides_denominator then denominator_shown end as denominator,
    {% for column, side, confidence in [('value', none, none), ('ci95_lower', 'lower', 0.95),
        ('ci95_upper', 'upper', 0.95), ('ci998_lower', 'lower', 0.998), ('ci998_upper', 'upper', 0.998)] %}
    case when not has_value then null
        when is_held then {{ column }}
        when method = 'dsr' then {% if side -%}
        {{ standardised_limit_shown(side, confidence, 'value', column, 'numerator', 'numerator_shown') }}
        {%- else -%} {{ standardised_value_shown('value', 'numerator', 'numerator_shown') }} {%- endif %}
        when method = 'life_expectancy' then round({{ column }}, 1)
        when method = 'published' then {{ column }} end as carried_{{ column }},
    {% endfor %}
    has_value
from visible
