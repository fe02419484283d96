-- Grain: local authority × month. The ONS code is given from July 2015 on; before, only the local code.
select
    delays._period_start as period_start,
    coalesce(delays.ons_code, codes.area_code) as area_code,
    delays.la_code,
    delays.la_name,
    delays.nhs_days,
    delays.social_care_days,
    delays.both_days,
    delays.total_days,
    delays._delivery_id
from {{ current_rows('nhse_dtoc_la') }} as delays
left join {{ ref('local_authority_code') }} as codes on delays.la_code = codes.la_code
