-- Grain: indicator × published series × name. Series that the registry names by a number, and under which the publication
-- has a name with other words than it declares: the number, or what the publisher measures, is not what was meant.
WITH series AS (SELECT DISTINCT indicator_id, extract, series, named, not_named FROM {{ ref('indicator_official_series') }}),

published AS (SELECT DISTINCT extract, series, series_name FROM {{ ref('int_published_figure') }}),

worded AS (
    SELECT
        series.*,
        published.series_name AS published_name,
        regexp_extract_all(lower(coalesce(published.series_name, '')), '[a-z0-9]+') AS words
    FROM series
    JOIN published ON published.extract = series.extract AND published.series = series.series
    WHERE series.named IS NOT NULL
)

SELECT
    indicator_id,
    extract,
    series,
    published_name,
    replace(named, '|', ' ') AS expected_words,
    replace(not_named, '|', ' ') AS refused_words
FROM worded
WHERE NOT list_has_all(words, string_split(named, '|'))
    OR list_has_any(words, string_split(coalesce(not_named, ''), '|'))
