-- Grain: annotation × indicator × area × period it touches; an empty area stands for every place. A period is touched when
-- one of its days is; a change on the year before also by what happened in that year.
WITH annotation AS (SELECT * FROM {{ ref('int_annotation_indicator') }}),

indicator AS (SELECT indicator_id, method, periods FROM {{ ref('int_indicator') }}),

period AS (SELECT * FROM {{ ref('int_period') }})

SELECT
    annotation.annotation_id, annotation.indicator_id, annotation.area_code, period.period_id,
    annotation.suspend_verdict, annotation.explains_fall, annotation.words
FROM annotation
JOIN indicator ON indicator.indicator_id = annotation.indicator_id
JOIN period
    ON list_contains(indicator.periods, period.period_type)
WHERE {{ touches('annotation', 'period.period_start', 'period.period_end') }}
    OR (indicator.method = 'growth'
        AND {{ touches('annotation', 'period.period_start - INTERVAL 1 YEAR', 'period.period_end - INTERVAL 1 YEAR') }})
