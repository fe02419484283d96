-- Grain: series × month with far fewer events than the series' own past would have it, although its files came: a
-- finding for whoever sends or counts them. What an annotation explains is listed, too, and named.
with finding as (select * from {{ ref('int_fall_finding') }})

select
    subject,
    series_id,
    area_code,
    month_start,
    {{ fall_share('1 - events / expected') }} as fewer,
    explained_by,
    explained_by is null as is_unexplained
from finding
