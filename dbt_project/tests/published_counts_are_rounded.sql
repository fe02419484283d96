-- Under hes2018 no published count lies between 1 and 7 or off a multiple of 5; for shares also the
-- denominator and nobody can be counted off.
SELECT indicator_id, area_code, period_id
FROM {{ ref('fct_indicator_value') }}
WHERE policy = 'hes2018'
    AND (numerator % 5 <> 0
        OR (method IN ('proportion', 'growth') AND denominator % 5 <> 0)
        OR (method = 'crude_rate' AND value IS NOT NULL AND numerator IS NULL))
