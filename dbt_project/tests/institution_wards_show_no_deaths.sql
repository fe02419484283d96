-- No figure of a ward with a prison or a secure hospital is published where the registry keeps these back: deaths and
-- mental health. The few who die there would be known.
SELECT value.indicator_id, value.area_code, value.period_id, value.sex
FROM {{ ref('fct_indicator_value') }} AS value
JOIN {{ ref('int_indicator') }} AS indicator ON indicator.indicator_id = value.indicator_id
JOIN {{ ref('int_area') }} AS area ON area.area_code = value.area_code
WHERE indicator.keeps_institutions_back
    AND area.institution IS NOT NULL
    AND (value.numerator IS NOT NULL OR value.denominator IS NOT NULL OR value.value IS NOT NULL)
