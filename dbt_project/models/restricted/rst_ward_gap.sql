-- Grain: one row per indicator and period with wards: highest ward minus lowest. No ward is named from here on. A
-- ward too small for a life table is left out; any other measure needs every ward.
-- Limits by the method of variance estimates recovery (Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702)
-- from the limits of the two wards; they know nothing of the wards having been picked, see rst_chance_gap. All three are rounded
-- here: what is made of them later must not tell more.
-- Deaths that the wards' own figures are kept back for: of pooled years only. In a single year the gap names the ward.
with ward as (select * from {{ ref('rst_ward_value') }}),

period as (select period_id, period_type from {{ ref('int_period') }}),

extremes as (
    select
        indicator_id,
        period_id,
        any_value(is_restricted) as is_restricted,
        any_value(method) as method,
        bool_or(provisional) as provisional,
        bool_and(is_complete) as is_complete,
        count(*) as wards,
        count(value) as wards_with_value,
        bool_or(is_missing) as is_missing,
        arg_max({'value': value, 'lower': ci95_lower, 'upper': ci95_upper}, (value, ci95_lower))
            filter (value is not null) as highest,
        arg_min({'value': value, 'lower': ci95_lower, 'upper': ci95_upper}, (value, ci95_upper))
            filter (value is not null) as lowest
    from ward
    group by all
),

gap as (
    select
        extremes.*,
        is_restricted and period.period_type not like 'pooled%' as is_withheld,
        highest.value - lowest.value as exact_gap,
        greatest(exact_gap - sqrt(power(highest.value - highest.lower, 2) + power(lowest.upper - lowest.value, 2)), 0)
            as exact_lower,
        exact_gap + sqrt(power(highest.upper - highest.value, 2) + power(lowest.value - lowest.lower, 2)) as exact_upper
    from extremes
    join period on period.period_id = extremes.period_id
)

select
    indicator_id,
    period_id,
    is_restricted,
    provisional,
    is_complete,
    wards_with_value as wards,
    case when is_missing then 'not_supplied' when wards_with_value < case method when 'life_expectancy' then {{ var('fewest_wards_of_a_gap') }} else wards end
            then 'not_calculated_small'
        when is_withheld then 'suppressed_primary'
        else 'shown' end as value_status,
    method,
    {% for column in ['gap', 'lower', 'upper'] -%}
    case when not is_withheld then {{ published_number('ward_gap', 'exact_' ~ column, 'method') }} end as {{ column }}
    {{- ',' if not loop.last }}
    {% endfor %}
from gap
