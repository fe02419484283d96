-- Grain: person. Practice network and place of residence at the latest snapshot in which the person is found; used
-- to place events that carry neither.
select
    person_key,
    arg_max(pcn_code, snapshot_date) as pcn_code,
    arg_max(lsoa11, snapshot_date) as lsoa11,
    max(snapshot_date) as last_seen
from {{ ref('int_register') }}
where person_key is not null
group by person_key
