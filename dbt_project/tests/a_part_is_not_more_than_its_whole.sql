-- An indicator that the registry calls part of another never counts more than that.
WITH value AS (SELECT * FROM {{ ref('fct_indicator_value_all') }} WHERE numerator IS NOT NULL)

SELECT part.indicator_id, part.area_code, part.period_id
FROM value AS part
JOIN {{ ref('int_indicator') }} AS indicator ON indicator.indicator_id = part.indicator_id
JOIN value AS whole
    ON whole.indicator_id = indicator.part_of
    AND (whole.area_code, whole.period_id, whole.sex, whole.age_band)
        = (part.area_code, part.period_id, part.sex, part.age_band)
WHERE part.numerator > whole.numerator
