-- Grain: annotation × indicator × area it is about; an empty area stands for every place.
select annotation_id, indicator_id, area_code
from {{ ref('int_annotation_indicator') }}
