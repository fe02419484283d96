-- Grain: practice × quarter × sex × age band.
select
    _period_start as quarter_start,
    practice_code,
    left(commissioner_code, 3) as commissioner_code,
    upper(split_part(sex_and_age, ' ', 1)) as sex,
    split_part(sex_and_age, ' ', 2) as age_band,
    patients,
    _delivery_id
from {{ current_rows('nhsbsa_list_size') }} as received
