-- Grain: annotation × indicator × area it is about; an empty area stands for every place.
with annotation as (select * from {{ ref('int_annotation') }}),

indicator as (
    select
        indicator_id, objective, string_split(area_types, '|') as areas,
        string_split(coalesce(source_extracts, ''), '|') || string_split(coalesce(official_extracts, ''), '|') as extracts
    from {{ ref('indicator_registry') }}
),

named as (select annotation_id, unnest(coalesce(areas, [null])) as area_code from annotation),

area as (
    select named.annotation_id, named.area_code, place.area_type
    from named
    left join {{ ref('int_area') }} as place on place.area_code = named.area_code
    where named.area_code is null or place.area_code is not null
)

select
    annotation.annotation_id, indicator.indicator_id, area.area_code, annotation.starts_on, annotation.ends_on,
    annotation.draw, annotation.rebase, annotation.suspend_verdict, annotation.explains_fall, annotation.words
from annotation
join area on area.annotation_id = annotation.annotation_id
join indicator
    on not list_contains(annotation.leaves_out, indicator.indicator_id)
    and (area.area_code is null or list_contains(indicator.areas, area.area_type))
    and (coalesce(annotation.objectives, annotation.indicators, annotation.extracts) is null
        or coalesce(list_contains(annotation.objectives, indicator.objective), false)
        or coalesce(list_contains(annotation.indicators, indicator.indicator_id), false)
        or coalesce(list_has_any(annotation.extracts, indicator.extracts), false))
