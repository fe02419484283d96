-- Grain: annotation × indicator × area it is about; an empty area stands for every place.
WITH annotation AS (SELECT * FROM {{ ref('int_annotation') }}),

indicator AS (
    SELECT
        indicator_id, objective, string_split(area_types, '|') AS areas,
        string_split(coalesce(source_extracts, ''), '|') || string_split(coalesce(official_extracts, ''), '|') AS extracts
    FROM {{ ref('indicator_registry') }}
),

named AS (SELECT annotation_id, unnest(coalesce(areas, [NULL])) AS area_code FROM annotation),

area AS (
    SELECT named.annotation_id, named.area_code, place.area_type
    FROM named
    LEFT JOIN {{ ref('int_area') }} AS place ON place.area_code = named.area_code
    WHERE named.area_code IS NULL OR place.area_code IS NOT NULL
)

SELECT
    annotation.annotation_id, indicator.indicator_id, area.area_code, annotation.starts_on, annotation.ends_on,
    annotation.draw, annotation.rebase, annotation.suspend_verdict, annotation.explains_fall, annotation.words
FROM annotation
JOIN area ON area.annotation_id = annotation.annotation_id
JOIN indicator
    ON NOT list_contains(annotation.leaves_out, indicator.indicator_id)
    AND (area.area_code IS NULL OR list_contains(indicator.areas, area.area_type))
    AND (coalesce(annotation.objectives, annotation.indicators, annotation.extracts) IS NULL
        OR coalesce(list_contains(annotation.objectives, indicator.objective), FALSE)
        OR coalesce(list_contains(annotation.indicators, indicator.indicator_id), FALSE)
        OR coalesce(list_has_any(annotation.extracts, indicator.extracts), FALSE))
