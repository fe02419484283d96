-- Grain: one row per indicator and period with counts by ward and index of deprivation: do the wards differ by more than
-- chance, and the gap between the most and the least deprived end of the district, with its standard error, by the index
-- that holds for the period (is_own_index) and by the other one, which a later period is compared by.
-- No ward is named from here on. Only complete periods.
with area as (select area_code, imd_score, imd19_rank from {{ ref('int_area') }}),

period as (select period_id, period_start, period_end from {{ ref('dim_period') }}),

ward as (
    select
        ward.*, index.imd_vintage,
        case index.imd_vintage when 2015 then area.imd_score else -area.imd19_rank end as deprivation,
        index.imd_vintage = {{ imd_vintage('period.period_start', 'period.period_end') }} as is_own_index
    from {{ ref('rst_ward_value') }} as ward
    join area on area.area_code = ward.area_code
    join period on period.period_id = ward.period_id
    cross join (values (2015), (2019)) as index (imd_vintage)
    where ward.method <> 'life_expectancy' and ward.is_complete
),

heterogeneity as (
    {%- set arguments = ['numerator', 'denominator', "method = 'proportion'"] %}
    select
        indicator_id,
        period_id,
        imd_vintage,
        any_value(is_own_index) as is_own_index,
        any_value(is_restricted) as is_restricted,
        any_value(multiplier) as multiplier,
        {{ heterogeneity_chi_square(*arguments) }} as chi_square,
        {{ heterogeneity_df(*arguments) }} as df,
        {{ heterogeneity_p_value(*arguments) }} as p_value,
        {{ heterogeneity_problem(*arguments) }} as heterogeneity_problem
    from ward
    group by indicator_id, period_id, imd_vintage
),

gap as (
    {{ deprivation_gap('ward', ['indicator_id', 'period_id', 'imd_vintage'], deprivation='deprivation',
        observed='numerator', expected='denominator', multiplier='multiplier', binomial="method = 'proportion'") }}
)

select
    heterogeneity.*,
    gap.expected, gap.gap, gap.gap_se, gap.gap_lower, gap.gap_upper, gap.excess_events, gap.problem as gap_problem
from heterogeneity
join gap
    on gap.indicator_id = heterogeneity.indicator_id and gap.period_id = heterogeneity.period_id
    and gap.imd_vintage = heterogeneity.imd_vintage
