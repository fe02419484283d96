-- Grain: one row per indicator, area, month, sex and age band, of people also kind of period (from the month it begins
-- in): the counts rolled up from LSOAs and practices to areas.
-- Sex and age are kept only where the registry asks for them: five-year bands of what is standardised, groups of what
-- is broken down by age. A PCN is a list of practices, so it is counted by practice; every other area by where people live, or by itself.
-- A sum with a part that the sender has hidden is unknown: never taken for 0.
with count as (select * from {{ ref('int_indicator_counts') }}),

member as (select * from {{ ref('int_area_member') }}),

indicator as (select indicator_id, method, sexes, age_groups from {{ ref('int_indicator') }}),

age_group as (select * from {{ ref('int_age_group') }}),

placed as (
    select count.indicator_id, member.area_code, count.period_start, count.sex, count.age_band, count.numerator, count.denominator, count.period_type
    from count
    join member on member.member_code = count.area_code
    union all
    select indicator_id, pcn_code, period_start, sex, age_band, numerator, denominator, period_type
    from count
    where pcn_code is not null
)

select
    placed.indicator_id,
    placed.area_code,
    date_trunc('month', placed.period_start)::date as month_start,
    placed.period_type,
    case when indicator.sexes = ['persons'] then 'persons' else coalesce(placed.sex, 'not known') end as sex,
    case when indicator.method in ('dsr', 'smr', 'life_expectancy') then placed.age_band
        when len(indicator.age_groups) > 0 then coalesce(age_group.age_group, 'not known') else 'all' end as age_band,
    -- Kept as decimals: a sum of fractions in floating point would depend on the order of the rows.
    {{ strict_sum('placed.numerator') }} as numerator,
    sum(placed.denominator) as denominator
from placed
join indicator on indicator.indicator_id = placed.indicator_id
left join age_group
    on age_group.indicator_id = placed.indicator_id
    and try_cast(regexp_extract(placed.age_band, '[0-9]+$|^90') as integer) between age_group.youngest and age_group.oldest
where placed.period_start is not null
group by all
