-- Grain: series × month with far fewer events than the series' own past would have it, although its files came: a
-- finding for whoever sends or counts them. What an annotation explains is listed, too, and named.
WITH finding AS (SELECT * FROM {{ ref('int_fall_finding') }})

SELECT
    subject,
    series_id,
    area_code,
    month_start,
    {{ fall_share('1 - events / expected') }} AS fewer,
    explained_by,
    explained_by IS NULL AS is_unexplained
FROM finding
