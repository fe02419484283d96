-- Children reached in the quarter, each once.
select
    quarter_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_counselled_child') }}
group by all
