-- Grain: indicator × area × period × sex × age band. Every expected value with its exact counts and intervals,
-- before disclosure control. Restricted: never read from the schema `outcomes` except through rst_released.
with value_count as (select * from {{ ref('rst_value_count') }}),

-- Events of the same people scatter more than independent ones.
repeated as (
    select repeated.indicator_id, period.period_id, repeated.dispersion
    from {{ ref('int_event_dispersion') }} as repeated
    join {{ ref('int_period') }} as period on period.months = repeated.months
),

indicator as (select indicator_id, aggregation, provisional_months, follow_up from {{ ref('int_indicator') }}),

quality as (select indicator_id, area_code, period_id, likely_completeness from {{ ref('int_value_quality') }}),

-- What is known is as of the newest delivery; without a ledger, of the end of the newest month.
known as (
    select coalesce(
        (select max(received_at) from {{ ref('int_delivery') }}),
        (select max(month_start) + interval 1 month from {{ ref('int_indicator_supply') }})
    ) as known_at
),

official as (
    select indicator_id, area_code, period_id, sex, value, ci95_lower, ci95_upper, ci998_lower, ci998_upper, note
    from {{ ref('int_official_value') }}
),

calculated as (
    select
        indicator_id, area_code, period_id, sex, age_band,
        {{ value_by_method('method', 'numerator', 'denominator', 'multiplier') }}::double as value,
        {{ limit_columns('method', 'numerator', 'denominator', 'multiplier', 'coalesce(dispersion, 1)') }}
    from value_count
    left join repeated using (indicator_id, period_id)
    where method not in ('dsr', 'life_expectancy', 'published')
    union all by name
    select * exclude (numerator, denominator), 'all' as age_band from {{ ref('rst_standardised_rate') }}
    union all by name
    select * exclude (problem), 'all' as age_band from {{ ref('rst_life_expectancy') }}
    union all by name
    select official.*, 'all' as age_band
    from official
    semi join (from value_count where method = 'published') using (indicator_id, area_code, period_id, sex)
),

described as (
    select
        value_count.*,
        indicator.aggregation, indicator.follow_up, quality.likely_completeness,
        calculated.* exclude (indicator_id, area_code, period_id, sex, age_band),
        coalesce(
            {{ value_problem('value_count.method', 'value_count.numerator', 'value_count.denominator') }},
            case when life_table.problem is not null
                then {'status': 'not_calculated_small', 'reason': life_table.problem} end) as problem,
        -- Only where the time it takes is not over, or past files say that more will come.
        not value_count.is_published and (not value_count.has_all_months
            or coalesce(quality.likely_completeness < {{ var('settled_from') }}, false)
            or (indicator.provisional_months > 0
                and value_count.period_end + indicator.provisional_months * interval 1 month > known.known_at)) as provisional
    from value_count
    join indicator using (indicator_id)
    join quality using (indicator_id, area_code, period_id)
    cross join known
    left join calculated using (indicator_id, area_code, period_id, sex, age_band)
    left join {{ ref('rst_life_expectancy') }} as life_table using (indicator_id, area_code, period_id, sex)
)

select
    concat_ws('|', indicator_id, area_code, period_id, sex, age_band) as value_key,
    indicator_id, area_code, period_id, sex, age_band, method, multiplier,
    case when not is_supplied then 'not_supplied'
        when problem is not null then problem.status
        when is_official then 'official'
        when method in ('dsr', 'smr') and numerator < 20 then 'unreliable_u'
        else 'shown' end as value_status,
    case when is_published then coalesce(note, case when not is_supplied then 'not given in the publication' end)
        when is_hidden then 'part of the count is hidden by the sender'
        when months_supplied < months_needed then months_supplied || ' of ' || months_needed
            || case aggregation when 'last' then ' snapshots' else ' months' end || ' supplied'
        when not is_supplied then {{ reason_not_followed_up() }}
        when problem is null and not is_complete
            then concat_ws('; ', case when not has_all_months then {{ reason_incomplete() }} end, fall_reason)
        else problem.reason end as status_reason,
    is_complete,
    numerator, denominator,
    case when is_supplied and problem is null then value end as value,
    case when is_supplied and problem is null then ci95_lower end as ci95_lower,
    case when is_supplied and problem is null then ci95_upper end as ci95_upper,
    case when is_supplied and problem is null then ci998_lower end as ci998_lower,
    case when is_supplied and problem is null then ci998_upper end as ci998_upper,
    is_supplied and coalesce(provisional, false) as provisional,
    months_needed, months_supplied
from described
