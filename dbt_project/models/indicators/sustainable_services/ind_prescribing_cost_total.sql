-- Cost of what the practices prescribed, by month.
select period_start, area_code, pcn_code, sex, age_band, numerator, cast(null as bigint) as denominator
from {{ ref('ind_prescribing_cost') }}
