-- Grain: LSOA × edition.
select
    cast(extract(year from _period_start) as integer) as edition,
    lsoa_code,
    commissioner_code,
    commissioner_name,
    system_code,
    system_name,
    district_code,
    _delivery_id
from {{ current_rows('ons_lsoa_ccg') }} as received
