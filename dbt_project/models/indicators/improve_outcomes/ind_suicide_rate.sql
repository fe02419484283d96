-- Deaths by suicide of residents, by month of registration. They are counted for the district only, so that no smaller
-- place can ever be made of them. The population is the denominator.
select
    month_start as period_start,
    '{{ var('district_code') }}' as area_code,
    cast(null as varchar) as pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_death') }}
where is_suicide and lsoa11 is not null
group by all
