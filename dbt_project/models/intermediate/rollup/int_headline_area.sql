-- Grain: one row per area that may stand for the place in the scorecard, best first: the district, its county, the
-- trust that runs its hospital, the hospital itself, the country.
WITH area AS (SELECT * FROM {{ ref('int_area') }}),

district AS (SELECT area_code, parent_code FROM area WHERE area_type = 'district')

SELECT area_code, 1 AS place FROM district
UNION ALL
SELECT parent_code, 2 FROM district
UNION ALL
SELECT DISTINCT parent_code, 3 FROM area WHERE area_type = 'site'
UNION ALL
SELECT area_code, 4 FROM area WHERE area_code = '{{ var('hospital_site') }}'
UNION ALL
SELECT area_code, 5 FROM area WHERE area_type = 'country'
