-- Grain: row of the file; organisation × month × measure for commissioners.
select
    month as month_start,
    organisation_code,
    measure,
    value,
    _delivery_id
from {{ current_rows('nhsd_iapt_monthly') }} as received
