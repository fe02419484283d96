-- Members with a visit in the month. A member is counted once a month, so months are never added.
select
    month_start as period_start,
    lsoa11 as area_code,
    cast(null as varchar) as pcn_code,
    sex,
    {{ age_band('age') }} as age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_leisure_member_month') }}
where age is null or age >= {{ indicator_parameter('leisure_participation', 'minimum_age') }}
group by all
