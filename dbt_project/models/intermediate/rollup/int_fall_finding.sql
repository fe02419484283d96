-- Grain: one row per fall (series and month), with what explains it, if anything does: an annotation that says so.
with fall as (select * from {{ ref('int_fall') }}),

indicator_annotation as (select * from {{ ref('int_annotation_indicator') }} where explains_fall),

annotation as (select * from {{ ref('int_annotation') }} where explains_fall),

explained as (
    select fall.subject, fall.series_id, fall.month_start, annotation.annotation_id
    from fall
    join indicator_annotation as annotation
        on fall.subject = 'indicator' and annotation.indicator_id = fall.series_id
        and (annotation.area_code is null or annotation.area_code = fall.area_code)
        and {{ touches('annotation', 'fall.month_start', 'last_day(fall.month_start)') }}
    union
    select fall.subject, fall.series_id, fall.month_start, annotation.annotation_id
    from fall
    join annotation
        on fall.subject = 'extract'
        and (list_contains(annotation.extracts, fall.series_id)
            or coalesce(annotation.objectives, annotation.indicators, annotation.extracts) is null)
        and annotation.areas is null
        and {{ touches('annotation', 'fall.month_start', 'last_day(fall.month_start)') }}
)

select
    fall.*,
    string_agg(explained.annotation_id, ', ' order by explained.annotation_id) as explained_by
from fall
left join explained using (subject, series_id, month_start)
group by all
