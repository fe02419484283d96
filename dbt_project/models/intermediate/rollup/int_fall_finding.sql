-- Grain: one row per fall (series and month), with what explains it, if anything does: an annotation that says so.
WITH fall AS (SELECT * FROM {{ ref('int_fall') }}),

indicator_annotation AS (SELECT * FROM {{ ref('int_annotation_indicator') }} WHERE explains_fall),

annotation AS (SELECT * FROM {{ ref('int_annotation') }} WHERE explains_fall),

explained AS (
    SELECT fall.subject, fall.series_id, fall.month_start, annotation.annotation_id
    FROM fall
    JOIN indicator_annotation AS annotation
        ON fall.subject = 'indicator' AND annotation.indicator_id = fall.series_id
        AND (annotation.area_code IS NULL OR annotation.area_code = fall.area_code)
        AND {{ touches('annotation', 'fall.month_start', 'last_day(fall.month_start)') }}
    UNION
    SELECT fall.subject, fall.series_id, fall.month_start, annotation.annotation_id
    FROM fall
    JOIN annotation
        ON fall.subject = 'extract'
        AND (list_contains(annotation.extracts, fall.series_id)
            OR coalesce(annotation.objectives, annotation.indicators, annotation.extracts) IS NULL)
        AND annotation.areas IS NULL
        AND {{ touches('annotation', 'fall.month_start', 'last_day(fall.month_start)') }}
)

SELECT
    fall.*,
    string_agg(explained.annotation_id, ', ' ORDER BY explained.annotation_id) AS explained_by
FROM fall
LEFT JOIN explained USING (subject, series_id, month_start)
GROUP BY ALL
