-- Grain: snapshot (31 May) × area. Ward codes changed in 2023 are turned back to those of 2017.
select
    counted.snapshot_date,
    coalesce(ward.ward17_code, counted.area_code) as area_code,
    counted.area_name,
    counted.children,
    counted.value,
    counted.note,
    counted._delivery_id
from {{ current_rows('dwp_children_oow') }} as counted
left join {{ ref('ward') }} as ward on counted.area_code = ward.ward24_code
