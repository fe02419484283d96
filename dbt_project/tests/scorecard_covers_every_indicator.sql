-- One row for each indicator of the registry, with a sentence; all four objectives are there.
SELECT indicator.indicator_id
FROM {{ ref('indicator_registry') }} AS indicator
FULL JOIN {{ ref('scorecard') }} AS scorecard ON scorecard.indicator_id = indicator.indicator_id
WHERE indicator.indicator_id IS NULL OR scorecard.indicator_id IS NULL OR scorecard.narrative IS NULL
UNION ALL
SELECT 'objectives'
FROM {{ ref('dim_indicator') }}
HAVING count(DISTINCT objective) <> 4
