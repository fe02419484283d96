-- Under hes2018 no published count lies between 1 and 7 or off a multiple of 5; for shares also the
-- denominator and nobody can be counted off.
select indicator_id, area_code, period_id
from {{ ref('fct_indicator_value') }}
where policy = 'hes2018'
    and (numerator % 5 <> 0
        or (method in ('proportion', 'growth') and denominator % 5 <> 0)
        or (method = 'crude_rate' and value is not null and numerator is null))
