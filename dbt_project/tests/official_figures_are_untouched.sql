-- A figure already published officially is shown as published.
SELECT indicator_id, area_code, period_id
FROM {{ ref('fct_indicator_value_all') }} AS exact
JOIN {{ ref('fct_indicator_value') }} AS published USING (indicator_id, area_code, period_id, sex, age_band)
WHERE (exact.value_status = 'official' OR published.value_status = 'official')
    AND (published.value_status, published.numerator, published.denominator, published.value)
        IS DISTINCT FROM (exact.value_status, exact.numerator, exact.denominator, exact.value)
