-- Deaths from all causes by the bands of a life table, by month of registration; women and men, as the registry asks
-- for both. The denominator is the population spine.
select
    month_start as period_start,
    lsoa11 as area_code,
    cast(null as varchar) as pcn_code,
    sex,
    life_table_band as age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_death') }}
where age is not null and sex is not null
group by all
