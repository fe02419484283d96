-- Grain: annotation × indicator × area it is about; an empty area stands for every place.
SELECT annotation_id, indicator_id, area_code
FROM {{ ref('int_annotation_indicator') }}
