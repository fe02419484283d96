-- Grain: LSOA 2011 × LSOA 2021. What became of the LSOAs of Bassetlaw in 2021, once the look-up has come. Copies
-- without the mark of change are read by their shape: one to one, one to many, many to one, anything else.
with

lookup as (select * from {{ ref('stg_public__ons_lsoa11_lsoa21') }}),

local as (select lsoa11_code from {{ ref('lsoa11') }}),

shaped as (
    select
        lsoa11_code,
        lsoa21_code,
        change,
        count(*) over (partition by lsoa11_code) as parts,
        count(*) over (partition by lsoa21_code) as wholes
    from lookup
),

tangled as (
    select
        *,
        max(wholes) over (partition by lsoa11_code) as wholes_of_parts,
        max(parts) over (partition by lsoa21_code) as parts_of_wholes
    from shaped
),

marked as (
    select
        lsoa11_code,
        lsoa21_code,
        coalesce(change, case
            when parts = 1 and wholes = 1 then 'U'
            when wholes_of_parts = 1 then 'S'
            when parts_of_wholes = 1 then 'M'
            else 'X'
        end) as change
    from tangled
)

select
    marked.lsoa11_code,
    marked.lsoa21_code,
    marked.change,
    marked.change <> 'X' as is_comparable
from marked
inner join local on marked.lsoa11_code = local.lsoa11_code
