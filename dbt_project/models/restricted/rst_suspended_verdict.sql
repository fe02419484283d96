-- Grain: indicator × area × period for which nothing may be called better or worse, because of what happened then. A figure
-- without a row here may be judged. To judge a change, both of its periods need to be without.
with touched as (select * from {{ ref('int_annotation_period') }} where suspend_verdict),

figure as (select distinct indicator_id, area_code, period_id from {{ ref('int_value_spine') }})

select
    figure.indicator_id, figure.area_code, figure.period_id,
    string_agg(touched.annotation_id, ', ' order by touched.annotation_id) as annotation_ids,
    string_agg(touched.words, '; ' order by touched.annotation_id) as words
from figure
join touched
    on touched.indicator_id = figure.indicator_id and touched.period_id = figure.period_id
    and (touched.area_code is null or touched.area_code = figure.area_code)
group by figure.indicator_id, figure.area_code, figure.period_id
