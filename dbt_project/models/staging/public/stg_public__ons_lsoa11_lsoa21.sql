-- Grain: LSOA 2011 × LSOA 2021.
select
    lsoa11_code,
    lsoa21_code,
    change,
    district_code,
    _delivery_id
from {{ current_rows('ons_lsoa11_lsoa21') }} as received
