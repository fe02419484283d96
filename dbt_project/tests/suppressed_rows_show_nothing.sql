-- A suppressed row has neither count, value nor interval; a row without a figure is never 0. Published
-- figures may come without a count.
select indicator_id, area_code, period_id, value_status
from {{ ref('fct_indicator_value') }}
where (value_status in ('suppressed_primary', 'suppressed_secondary', 'not_supplied') and numerator is not null)
    or (value_status not in ('shown', 'unreliable_u', 'official')
        and coalesce(value, ci95_lower, ci95_upper, ci998_lower, ci998_upper) is not null)
    or (value_status in ('shown', 'unreliable_u', 'official') and (value is null
        or (numerator is null and method <> 'published')))
