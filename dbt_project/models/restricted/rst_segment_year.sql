-- Grain: financial year. The snapshot that stands for the year: its last, which must lie in its last quarter.
with person as (select distinct snapshot_date from {{ ref('int_person_segment') }})

select {{ financial_year_id('snapshot_date') }} as period_id, max(snapshot_date) as snapshot_date
from person
group by all
having month(max(snapshot_date)) <= 3
