-- Grain: one row per annotation: what the register states, and what befell a place (area_change), which is drawn in the
-- charts of that place and starts them anew where it is not comparable afterwards.
WITH declared AS (SELECT * FROM {{ ref('annotation') }}),

place AS (SELECT * FROM {{ ref('area_change') }})

SELECT
    annotation_id, title, words,
    starts_on::DATE AS starts_on,
    ends_on::DATE AS ends_on,
    string_split(objectives::VARCHAR, '|') AS objectives,
    string_split(indicators::VARCHAR, '|') AS indicators,
    string_split(extracts::VARCHAR, '|') AS extracts,
    coalesce(string_split(leaves_out::VARCHAR, '|'), []) AS leaves_out,
    string_split(areas::VARCHAR, '|') AS areas,
    source, draw, rebase, suspend_verdict, explains_fall
FROM declared
UNION ALL
SELECT
    'place_' || lower(area_code) || '_' || strftime(changed_on, '%Y_%m'), note, NULL, changed_on, changed_on,
    NULL, NULL, NULL, [], [area_code], 'Register of places', TRUE, NOT is_comparable, FALSE, FALSE
FROM place
