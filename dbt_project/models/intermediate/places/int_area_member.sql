-- Grain: member × area. Which areas a code that counts carry (LSOA, or an area itself) belongs to.
with

lsoas as (select * from {{ ref('lsoa11') }}),

areas as (select * from {{ ref('area') }})

select lsoa11_code as member_code, 'ward' as area_type, ward17_code as area_code
from lsoas

union all

select lsoa11_code, 'imd_quintile', 'IMD19_Q' || imd19_quintile
from lsoas

union all

select lsoa11_code, 'district', district_code
from lsoas

union all

-- Figures that exist only for the area as a whole.
select area_code, area_type, area_code
from areas
