-- Grain: practice × year of the file. Prescribing setting 4 is a general practice.
select
    cast(extract(year from _period_start) as integer) as as_at,
    practice_code,
    practice_name,
    commissioner_code,
    system_code,
    open_date,
    close_date,
    joined_commissioner,
    _delivery_id
from {{ current_rows('ods_epraccur') }} as received
where prescribing_setting = 4
