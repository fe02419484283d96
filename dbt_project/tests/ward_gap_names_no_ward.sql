-- No figure of a single ward is published for an indicator whose headline is the gap between wards.
SELECT value.indicator_id, value.area_code, value.period_id
FROM {{ ref('fct_indicator_value') }} AS value
JOIN {{ ref('dim_indicator') }} AS indicator ON indicator.indicator_id = value.indicator_id
JOIN {{ ref('dim_area') }} AS area ON area.area_code = value.area_code
WHERE indicator.headline = 'ward_gap' AND area.area_type = 'ward'
    AND coalesce(value.numerator, value.denominator, value.value, value.ci95_lower, value.comparator_value) IS NOT NULL
    AND (value.numerator IS NOT NULL OR value.denominator IS NOT NULL OR value.value IS NOT NULL)
