-- Grain: LSOA × edition.
select
    cast(extract(year from _period_start) as integer) as edition,
    lsoa_code,
    ward_code,
    ward_name,
    district_code,
    _delivery_id
from {{ current_rows('ons_lsoa_ward') }} as received
