-- Grain: indicator × published series × name. Series that the registry names by a number, and under which the publication
-- has a name with other words than it declares: the number, or what the publisher measures, is not what was meant.
with series as (select distinct indicator_id, extract, series, named, not_named from {{ ref('indicator_official_series') }}),

published as (select distinct extract, series, series_name from {{ ref('int_published_figure') }}),

worded as (
    select
        series.*,
        published.series_name as published_name,
        regexp_extract_all(lower(coalesce(published.series_name, '')), '[a-z0-9]+') as words
    from series
    join published on published.extract = series.extract and published.series = series.series
    where series.named is not null
)

select
    indicator_id,
    extract,
    series,
    published_name,
    replace(named, '|', ' ') as expected_words,
    replace(not_named, '|', ' ') as refused_words
from worded
where not list_has_all(words, string_split(named, '|'))
    or list_has_any(words, string_split(coalesce(not_named, ''), '|'))
