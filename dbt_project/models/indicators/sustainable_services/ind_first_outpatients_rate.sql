-- First outpatient attendances after referral by a GP, and the list in person-years, by practice and month.
select
    returns.month_start as period_start,
    returns.practice_code as area_code,
    returns.pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    returns.numerator,
    lists.people / 12.0 as denominator
from {{ ref('int_practice_return') }} as returns
asof left join {{ ref('int_practice_list') }} as lists
    on returns.practice_code = lists.practice_code and returns.month_start >= lists.holds_from
where returns.sheet = 'op_firsts' and returns.measure = 'op_first_gp_ref' and returns.pcn_code is not null
