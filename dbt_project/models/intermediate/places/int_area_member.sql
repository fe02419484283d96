-- Grain: member × area. Which areas a code that counts carry (LSOA, practice, or an area itself) belongs to. A
-- network is not among them: counts name it themselves (pcn_code), as a practice may be counted where people live.
with

lsoas as (select * from {{ ref('lsoa11') }}),

areas as (select * from {{ ref('area') }}),

practices as (select * from {{ ref('gp_practice') }}),

wards as (select * from {{ ref('ward') }})

select lsoa11_code as member_code, 'ward' as area_type, ward17_code as area_code
from lsoas

union all

-- A period takes the quintiles of one index (imd_vintage); a count belongs to those of both.
select lsoa11_code, 'imd_quintile', 'IMD15_Q' || imd15_quintile
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

union all

select ward17_code, 'ward', ward17_code
from wards

union all

select practice_code, 'practice', practice_code
from practices

union all

-- What practices send counts for the place that they serve.
select practice_code, 'district', '{{ var('district_code') }}'
from practices
