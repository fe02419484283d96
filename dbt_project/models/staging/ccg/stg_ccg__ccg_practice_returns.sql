-- Grain: practice, period and measure in one month's pack. The four sheets of the pack, one under the other.
with sheets as (
    select 'screening' as sheet, practice_code, period, measure, numerator, denominator, pct, _period_start, _delivery_id
    from {{ current_rows('ccg_practice_returns') }} as screening
    union all
    select 'qof' as sheet, practice_code, period, measure, numerator, denominator, pct, _period_start, _delivery_id
    from {{ current_rows('ccg_practice_returns', table='qof') }} as qof
    union all
    select 'op_firsts' as sheet, practice_code, period, measure, numerator, denominator, pct, _period_start, _delivery_id
    from {{ current_rows('ccg_practice_returns', table='op_firsts') }} as op_firsts
    union all
    select 'gp_activity' as sheet, practice_code, period, measure, numerator, denominator, pct, _period_start, _delivery_id
    from {{ current_rows('ccg_practice_returns', table='gp_activity') }} as gp_activity
)

select
    sheet,
    practice_code,
    period,
    measure,
    numerator,
    denominator,
    pct,
    _period_start as pack_month,
    _delivery_id
from sheets
