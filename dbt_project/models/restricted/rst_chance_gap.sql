-- Grain: one row per indicator and period with a ward gap: the gap that chance alone would give if every ward had
-- the same rate. 1,000 sets of wards are drawn; counts from Poisson distributions (inverted exactly up to 100
-- expected events, by the normal curve above), shares and life expectancies from the normal curve.
with cell as (select * from {{ ref('rst_chance_cell') }}),

draw as (select * from {{ ref('rst_chance_draw') }}),

-- The probability of fewer than x events, for every x worth having.
below as (
    select cell_id, x, sum(probability) over (partition by cell_id order by x) - probability as uniform_from
    from (
        select cell_id, x.x, exp(x.x * ln(expected) - expected - lgamma(x.x + 1)) as probability
        from cell, range(0, 200) as x (x)
        where is_small
    )
),

small as (
    select wanted.gap_id, wanted.replicate, wanted.multiplier * below.x / wanted.denominator as value
    from (select * from cell join draw using (area_code) where is_small) as wanted
    asof join below on below.cell_id = wanted.cell_id and wanted.uniform >= below.uniform_from
),

large as (
    select
        gap_id, replicate,
        case method when 'life_expectancy' then rate + normal * se else multiplier * case method
            when 'proportion' then least(1, greatest(0, rate + normal * sqrt(rate * (1 - rate) / denominator)))
            else greatest(0, round(expected + normal * sqrt(expected))) / denominator end end as value
    from cell
    join draw using (area_code)
    where not is_small
),

gap as (
    select gap_id, replicate, max(value) - min(value) as gap
    from (select * from small union all select * from large)
    group by gap_id, replicate
),

observed as (
    select distinct cell.gap_id, ward_gap.indicator_id, ward_gap.period_id, ward_gap.gap
    from cell
    join {{ ref('rst_ward_gap') }} as ward_gap using (indicator_id, period_id)
)

select
    observed.indicator_id,
    observed.period_id,
    median(gap.gap) as gap_by_chance,
    quantile_cont(gap.gap, 0.025) as gap_by_chance_lower,
    quantile_cont(gap.gap, 0.975) as gap_by_chance_upper,
    avg((gap.gap >= observed.gap)::integer) as chance_probability
from gap
join observed on observed.gap_id = gap.gap_id
group by observed.indicator_id, observed.period_id
