-- Grain: sheet, practice, measure and month, as the latest pack states it: packs repeat earlier months, which practices
-- correct by hand. Sheets of activity state months: a year's total among them is no month. 02Q stands for all practices together, where single ones are hidden.
with

returns as (
    select *, {{ month_of_return('period', 'pack_month') }} as month_start
    from {{ ref('stg_ccg__ccg_practice_returns') }}
    where sheet not in ('gp_activity', 'op_firsts')
        or regexp_matches(period, '^([A-Za-z]{3}-[0-9]{2}$|[0-9]{4}-[0-9]{2}-[0-9]{2})')
),

practices as (select * from {{ ref('gp_practice') }})

select
    returns.sheet,
    returns.practice_code,
    practices.pcn_code,
    returns.measure,
    returns.month_start,
    returns.numerator,
    returns.denominator,
    returns.pack_month
from returns
left join practices on returns.practice_code = practices.practice_code
where returns.month_start is not null
qualify row_number() over (
    partition by returns.sheet, returns.practice_code, returns.measure, returns.month_start
    order by returns.pack_month desc, returns.period
) = 1
