-- Grain: network × year of the file.
select
    cast(extract(year from _period_start) as integer) as as_at,
    pcn_code,
    pcn_name,
    commissioner_code,
    open_date,
    close_date,
    _delivery_id
from {{ current_rows('ods_epcn', 'networks') }} as received
