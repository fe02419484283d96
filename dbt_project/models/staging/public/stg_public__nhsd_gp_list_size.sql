-- Grain: practice × month × sex × age.
select
    _period_start as month_start,
    practice_code,
    commissioner_code,
    sex,
    age,
    patients,
    _delivery_id
from {{ current_rows('nhsd_gp_list_size') }} as received
