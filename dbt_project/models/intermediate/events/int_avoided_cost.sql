-- Grain: network × month × line. What a line took in the month and in the same month of 2016/17, and the difference in
-- pounds. Only months for which all three lines are known, then and now; a network without events in one counts 0.
with

spells as (select * from {{ ref('int_admission_spell') }}),

returns as (
    select * from {{ ref('int_practice_return') }}
    where sheet = 'op_firsts' and measure = 'op_first_gp_ref' and pcn_code is not null
),

prescribing as (select * from {{ ref('int_prescribing_month') }}),

prices as (select * from {{ ref('unit_price') }}),

amounts as (
    select 'low_grade_emergency_admission' as line, month_start, pcn_code, count(*) as amount
    from spells
    where is_emergency and is_low_grade and pcn_code is not null
    group by all
    union all
    select 'first_outpatient_attendance', month_start, pcn_code, {{ strict_sum('numerator') }}
    from returns
    group by all
    union all
    select 'prescribing', month_start, pcn_code, sum(actual_cost)
    from prescribing
    group by all
),

known_months as (
    select month_start from spells
    intersect
    select month_start from returns
    intersect
    select month_start from prescribing
),

compared_months as (
    select now.month_start, before.month_start as baseline_month
    from known_months as now
    inner join known_months as before
        on before.month_start between date '2016-04-01' and date '2017-03-01'
        and month(before.month_start) = month(now.month_start)
),

expected as (
    select months.*, networks.pcn_code, lines.line
    from compared_months as months
    cross join (select distinct pcn_code from amounts) as networks
    cross join (select distinct line from amounts) as lines
),

compared as (
    select
        expected.*,
        case when then_.line is null then 0 else then_.amount end as baseline_amount,
        case when now.line is null then 0 else now.amount end as amount
    from expected
    left join amounts as then_
        on expected.line = then_.line and expected.pcn_code = then_.pcn_code
        and expected.baseline_month = then_.month_start
    left join amounts as now
        on expected.line = now.line and expected.pcn_code = now.pcn_code and expected.month_start = now.month_start
)

select
    compared.month_start,
    compared.pcn_code,
    compared.line,
    compared.baseline_amount,
    compared.amount,
    -- Prescribing is counted in pounds and has no price.
    (compared.baseline_amount - compared.amount) * coalesce(prices.unit_price_gbp, 1) as saving
from compared
left join prices
    on compared.line = prices.item and compared.month_start between prices.valid_from and prices.valid_to
