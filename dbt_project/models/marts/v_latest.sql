-- Grain: indicator × area. The newest figure there is: of the kind of period that the scorecard shows where the area has
-- one, else of any other.
with figure as (select * from {{ ref('v_figure') }} where is_latest and value is not null)

select *
from figure
qualify row_number() over (
    partition by indicator_id, area_code order by is_headline_period desc, period_end desc, period_id desc
) = 1
