-- No figure of an area is published that the registry keeps for the partners.
SELECT value.indicator_id, value.area_code, value.period_id
FROM {{ ref('fct_indicator_value') }} AS value
JOIN {{ ref('int_indicator') }} AS indicator ON indicator.indicator_id = value.indicator_id
JOIN {{ ref('int_area') }} AS area ON area.area_code = value.area_code
WHERE list_contains(indicator.restricted_areas, area.area_type)
    AND coalesce(value.numerator, value.denominator, value.value, value.ci95_lower, value.comparator_value) IS NOT NULL
    AND (value.numerator IS NOT NULL OR value.denominator IS NOT NULL OR value.value IS NOT NULL)
