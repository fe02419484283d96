-- Grain: practice × network × start × year of the file.
select
    cast(extract(year from _period_start) as integer) as as_at,
    practice_code,
    pcn_code,
    pcn_name,
    commissioner_code,
    member_from,
    member_to,
    _delivery_id
from {{ current_rows('ods_epcn') }} as received
