-- Grain: one row per area that may stand for the place in the scorecard, best first: the district, its county, the
-- trust that runs its hospital, the hospital itself, the country.
with area as (select * from {{ ref('int_area') }}),

district as (select area_code, parent_code from area where area_type = 'district')

select area_code, 1 as place from district
union all
select parent_code, 2 from district
union all
select distinct parent_code, 3 from area where area_type = 'site'
union all
select area_code, 4 from area where area_code = '{{ var('hospital_site') }}'
union all
select area_code, 5 from area where area_type = 'country'
