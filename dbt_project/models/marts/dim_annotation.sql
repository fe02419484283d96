-- Grain: one row per annotation: what happened that a reader of the figures must know.
with annotation as (select * from {{ ref('int_annotation') }})

select
    annotation_id, title, words, starts_on, ends_on,
    draw as is_drawn, rebase as rebases_charts, suspend_verdict as suspends_verdict, explains_fall, source
from annotation
