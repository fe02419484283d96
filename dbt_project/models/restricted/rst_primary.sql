-- Grain: one row per value (indicator, area, period, sex, age band).
-- Primary suppression and rounding of the counts, by the indicator's policy; figures NHS England or ONS publish for
-- the same area are left as published. Of sensitive subjects nobody and everybody of a small group are hidden like a few.
-- Where the registry says so the areas behind a gap stay restricted: naming the two wards or giving their counts could
-- identify deaths. So do the wards with a prison or a secure hospital, of deaths and mental health.
with value as (select * from {{ ref('fct_indicator_value_all') }}),

indicator as (select * from {{ ref('int_indicator') }}),

area as (select area_code, area_type, institution from {{ ref('int_area') }}),

policed as (
    select
        value.*,
        case value.value_status when 'official' then 'official' else indicator.policy end as policy,
        list_contains(indicator.restricted_areas, area.area_type)
            or (indicator.keeps_institutions_back and area.institution is not null) as restricted_only,
        list_contains(indicator.restricted_areas, area.area_type) as is_behind_gap,
        value.method = 'dsr' and value.numerator > 0 and value.numerator < 10 as too_few_to_standardise,
        value.method in ('proportion', 'growth', 'ratio') and not indicator.denominator_is_occasions
            as denominator_is_count,
        indicator.is_sensitive and value.value_status <> 'official' and {{ small_group('value.denominator') }} as in_small_group
    from value
    join indicator using (indicator_id)
    join area using (area_code)
),

hidden as (
    select
        *,
        {{ count_is_hidden('numerator', 'policy') }} or too_few_to_standardise or (in_small_group and numerator = 0)
            as numerator_hidden,
        denominator_is_count and {{ count_is_hidden('denominator', 'policy') }} as denominator_hidden,
        method = 'proportion' and ({{ count_is_hidden('denominator - numerator', 'policy') }}
            or (in_small_group and denominator = numerator)) as complement_hidden,
        -- A practice that has closed: told as such, and not lumped with the small ones.
        denominator_is_count and numerator = 0 and denominator = 0 as is_empty
    from policed
)

select
    * exclude (too_few_to_standardise),
    case when numerator_hidden or restricted_only then null
        when is_empty then 0
        else {{ count_rounded('numerator', 'policy') }} end as numerator_shown,
    case when denominator_hidden or restricted_only then null
        when is_empty then 0
        when denominator_is_count then {{ count_rounded('denominator', 'policy') }}
        else denominator end as denominator_shown,
    {{ policy_setting('policy', 'round_to', 5) }} > 1 as rounded,
    {{ rounding_slack('numerator', 'policy') }} as slack,
    {{ policy_setting('policy', 'hide_to', 7) }} + 1 as least_shown,
    case when method = 'dsr' then greatest(9, {{ policy_setting('policy', 'hide_to', 7) }})
        else {{ policy_setting('policy', 'hide_to', 7) }} end as most_hidden
from hidden
