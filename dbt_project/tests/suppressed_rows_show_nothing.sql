-- A suppressed row has neither count, value nor interval; a row without a figure is never 0. Published
-- figures may come without a count.
SELECT indicator_id, area_code, period_id, value_status
FROM {{ ref('fct_indicator_value') }}
WHERE (value_status IN ('suppressed_primary', 'suppressed_secondary', 'not_supplied') AND numerator IS NOT NULL)
    OR (value_status NOT IN ('shown', 'unreliable_u', 'official')
        AND coalesce(value, ci95_lower, ci95_upper, ci998_lower, ci998_upper) IS NOT NULL)
    OR (value_status IN ('shown', 'unreliable_u', 'official') AND (value IS NULL
        OR (numerator IS NULL AND method <> 'published')))
