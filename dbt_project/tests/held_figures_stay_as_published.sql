-- A figure whose correction is held is the one published before, and no other says that it is held.
with held as (select value_key, held_reason from {{ ref('rst_held') }}),

published as (
    select *, concat_ws('|', indicator_id, area_code, period_id, sex, age_band) as value_key from {{ ref('fct_indicator_value') }}
)

select held.value_key
from held
join published on published.value_key = held.value_key
join {{ source('pipeline', 'published_before') }} as before using (indicator_id, area_code, period_id, sex, age_band)
where before.stands and published.value_status <> 'suppressed_secondary'
    and (published.value_status, published.status_reason, published.numerator, published.denominator, published.value, published.ci95_lower)
        is distinct from (before.value_status, held.held_reason, before.numerator, before.denominator, before.value, before.ci95_lower)
union all
select value_key
from published
where status_reason in (select held_reason from held) and value_key not in (select value_key from held)
