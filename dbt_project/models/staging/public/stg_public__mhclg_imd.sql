-- Grain: LSOA × edition.
select
    cast(extract(year from _period_start) as integer) as edition,
    lsoa_code,
    imd_score,
    imd_rank,
    imd_decile,
    _delivery_id
from {{ current_rows('mhclg_imd') }} as received
