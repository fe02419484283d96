-- Grain: subject × code. Where the newest published files received say something else than the reference tables; no
-- rows while they agree or have not come.
with

lsoas as (select * from {{ ref('lsoa11') }}),

practices as (select * from {{ ref('gp_practice') }}),

wards as (select * from {{ ref('stg_public__ons_lsoa_ward') }}),

commissioners as (select * from {{ ref('stg_public__ons_lsoa_ccg') }}),

deprivation as (select * from {{ ref('stg_public__mhclg_imd') }}),

register as (
    select * from {{ ref('stg_public__ods_epraccur') }}
    qualify as_at = max(as_at) over ()
),

networks as (
    select * from {{ ref('stg_public__ods_epcn') }}
    qualify as_at = max(as_at) over ()
),

compared as (
    select
        'ward' as subject,
        lsoas.lsoa11_code as code,
        lsoas.ward17_code || ' or ' || lsoas.ward24_code as in_reference,
        wards.ward_code as in_feed
    from lsoas
    inner join wards on lsoas.lsoa11_code = wards.lsoa_code
    where wards.ward_code not in (lsoas.ward17_code, lsoas.ward24_code)
    union all
    select 'commissioner', lsoas.lsoa11_code, 'E38000008', commissioners.commissioner_code
    from lsoas
    inner join commissioners on lsoas.lsoa11_code = commissioners.lsoa_code
    where commissioners.commissioner_code <> 'E38000008'
    union all
    select
        'IMD rank ' || deprivation.edition,
        lsoas.lsoa11_code,
        cast(ranks.imd_rank as varchar),
        cast(deprivation.imd_rank as varchar)
    from lsoas
    cross join lateral (values (2015, lsoas.imd15_rank), (2019, lsoas.imd19_rank)) as ranks (edition, imd_rank)
    inner join deprivation on lsoas.lsoa11_code = deprivation.lsoa_code and deprivation.edition = ranks.edition
    where deprivation.imd_rank <> ranks.imd_rank
    union all
    select
        'practice closed',
        register.practice_code,
        cast(practices.close_date as varchar),
        cast(register.close_date as varchar)
    from register
    left join practices on register.practice_code = practices.practice_code
    where
        register.commissioner_code = '02Q'
        and (practices.practice_code is null or register.close_date is distinct from practices.close_date)
    union all
    select 'network of practice', networks.practice_code, practices.pcn_code, networks.pcn_code
    from networks
    left join practices on networks.practice_code = practices.practice_code
    where
        networks.commissioner_code = '02Q'
        and networks.member_to is null
        and practices.pcn_code is distinct from networks.pcn_code
)

select subject, code, in_reference, in_feed
from compared
