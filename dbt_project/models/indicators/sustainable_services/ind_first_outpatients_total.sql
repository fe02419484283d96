-- First outpatient attendances after referral by a GP, by practice and month.
select period_start, area_code, pcn_code, sex, age_band, numerator, cast(null as bigint) as denominator
from {{ ref('ind_first_outpatients_rate') }}
