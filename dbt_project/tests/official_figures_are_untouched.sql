-- A figure already published officially is shown as published, in the digits that are published here.
SELECT indicator_id, area_code, period_id
FROM {{ ref('fct_indicator_value_all') }} AS exact
JOIN {{ ref('fct_indicator_value') }} AS published USING (indicator_id, area_code, period_id, sex, age_band)
JOIN {{ ref('int_indicator') }} AS indicator USING (indicator_id)
WHERE (exact.value_status = 'official' OR published.value_status = 'official')
    AND (published.value_status, published.numerator, published.denominator, published.value)
        IS DISTINCT FROM (exact.value_status, {{ rounded_by('whole', 'exact.numerator') }}, {{ rounded_by('two_decimals', 'exact.denominator') }},
            {{ published_number('figure', 'exact.value', 'exact.method', 'indicator.precision', events='exact.numerator') }})
