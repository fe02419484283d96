-- Grain: value of one measure that a later pack states differently. Practices correct past months by hand.
with received as (
    select 'screening' as sheet, * from ({{ received_rows('ccg_practice_returns') }})
    union all
    select 'qof' as sheet, * from ({{ received_rows('ccg_practice_returns', 'qof') }})
    union all
    select 'op_firsts' as sheet, * from ({{ received_rows('ccg_practice_returns', 'op_firsts') }})
    union all
    select 'gp_activity' as sheet, * from ({{ received_rows('ccg_practice_returns', 'gp_activity') }})
),

stated as (
    select
        *,
        lag(numerator) over earlier as numerator_before,
        lag(denominator) over earlier as denominator_before,
        row_number() over earlier as edition
    from received
    window earlier as (
        partition by sheet, practice_code, period, measure order by _period_start, _received_at, _file_sha256
    )
)

select
    sheet,
    practice_code,
    period,
    measure,
    numerator_before,
    numerator,
    denominator_before,
    denominator,
    _period_start as pack_month,
    _delivery_id
from stated
where edition > 1
    and (numerator is distinct from numerator_before or denominator is distinct from denominator_before)
