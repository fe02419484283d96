-- The spine, the restricted fact and the published fact have the same rows, both ways.
WITH expected AS (SELECT indicator_id, area_code, period_id, sex, age_band FROM {{ ref('int_value_spine') }}),

restricted AS (SELECT indicator_id, area_code, period_id, sex, age_band FROM {{ ref('fct_indicator_value_all') }}),

published AS (SELECT indicator_id, area_code, period_id, sex, age_band FROM {{ ref('fct_indicator_value') }})

(SELECT 'missing from restricted' AS problem, * FROM expected EXCEPT ALL SELECT 'missing from restricted', * FROM restricted)
UNION ALL
(SELECT 'not expected' AS problem, * FROM restricted EXCEPT ALL SELECT 'not expected', * FROM expected)
UNION ALL
(SELECT 'missing from outcomes' AS problem, * FROM expected EXCEPT ALL SELECT 'missing from outcomes', * FROM published)
UNION ALL
(SELECT 'not expected in outcomes' AS problem, * FROM published EXCEPT ALL SELECT 'not expected in outcomes', * FROM expected)
