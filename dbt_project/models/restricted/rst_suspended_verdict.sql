-- Grain: indicator × area × period for which nothing may be called better or worse, because of what happened then. A figure
-- without a row here may be judged. To judge a change, both of its periods need to be without.
WITH touched AS (SELECT * FROM {{ ref('int_annotation_period') }} WHERE suspend_verdict),

figure AS (SELECT DISTINCT indicator_id, area_code, period_id FROM {{ ref('int_value_spine') }})

SELECT
    figure.indicator_id, figure.area_code, figure.period_id,
    string_agg(touched.annotation_id, ', ' ORDER BY touched.annotation_id) AS annotation_ids,
    string_agg(touched.words, '; ' ORDER BY touched.annotation_id) AS words
FROM figure
JOIN touched
    ON touched.indicator_id = figure.indicator_id AND touched.period_id = figure.period_id
    AND (touched.area_code IS NULL OR touched.area_code = figure.area_code)
GROUP BY figure.indicator_id, figure.area_code, figure.period_id
