-- Grain: annotation × indicator × area × period it touches; an empty area stands for every place. A period is touched when
-- one of its days is; a change on the year before also by what happened in that year.
with annotation as (select * from {{ ref('int_annotation_indicator') }}),

indicator as (select indicator_id, method, periods from {{ ref('int_indicator') }}),

period as (select * from {{ ref('int_period') }})

select
    annotation.annotation_id, annotation.indicator_id, annotation.area_code, period.period_id,
    annotation.suspend_verdict, annotation.explains_fall, annotation.words
from annotation
join indicator on indicator.indicator_id = annotation.indicator_id
join period
    on list_contains(indicator.periods, period.period_type)
where {{ touches('annotation', 'period.period_start', 'period.period_end') }}
    or (indicator.method = 'growth'
        and {{ touches('annotation', 'period.period_start - interval 1 YEAR', 'period.period_end - interval 1 YEAR') }})
