-- Grain: one row per annotation: what happened that a reader of the figures must know.
WITH annotation AS (SELECT * FROM {{ ref('int_annotation') }})

SELECT
    annotation_id, title, words, starts_on, ends_on,
    draw AS is_drawn, rebase AS rebases_charts, suspend_verdict AS suspends_verdict, explains_fall, source
FROM annotation
