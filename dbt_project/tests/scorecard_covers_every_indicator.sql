-- One row for each indicator of the registry, with a sentence; all four objectives are there.
select indicator.indicator_id
from {{ ref('indicator_registry') }} as indicator
full join {{ ref('scorecard') }} as scorecard on scorecard.indicator_id = indicator.indicator_id
where indicator.indicator_id is null or scorecard.indicator_id is null or scorecard.narrative is null
union all
select 'objectives'
from {{ ref('dim_indicator') }}
having count(distinct objective) <> 4
