-- Grain: one row per value. The counts as primary suppression shows them; where a correction is held, the figure stays as
-- it was published before, with all its numbers. `numerator` and `denominator` stay exact.
-- What is shown of a count whose correction is held says only that it lies within 7 people. A count beside it that
-- has changed, too, is no longer known (`_stale`).
with value as (select * from {{ ref('rst_primary') }}),

held as (select * from {{ ref('rst_held') }}),

before as (select * from {{ source('pipeline', 'published_before') }} where stands),

stood as (
    select
        value.value_key, held.* exclude (value_key), before.value_status as held_status,
        before.numerator is distinct from value.numerator_shown as numerator_stale,
        before.denominator is distinct from value.denominator_shown as denominator_stale,
        {% for column in ['numerator', 'denominator', 'value', 'ci95_lower', 'ci95_upper', 'ci998_lower', 'ci998_upper'] %}
        before.{{ column }} as held_{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from held
    join value on value.value_key = held.value_key
    join before using (indicator_id, area_code, period_id, sex, age_band)
)

select
    value.* replace (
        {% for column in ['value', 'ci95_lower', 'ci95_upper', 'ci998_lower', 'ci998_upper'] %}
        case when stood.value_key is null then value.{{ column }} else stood.held_{{ column }} end as {{ column }},
        {% endfor %}
        case when stood.value_key is null then numerator_shown else held_numerator end as numerator_shown,
        case when stood.value_key is null then denominator_shown else held_denominator end as denominator_shown
    ),
    stood.value_key is not null as is_held,
    held_status, held_reason,
    {% for part in ['numerator_held', 'denominator_held', 'complement_held', 'numerator_stale', 'denominator_stale'] %}
    coalesce({{ part }}, false) as {{ part }}{{ ',' if not loop.last }}
    {% endfor %}
from value
left join stood on stood.value_key = value.value_key
