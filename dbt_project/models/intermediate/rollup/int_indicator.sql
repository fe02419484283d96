-- Grain: one row per indicator of the registry, with its lists unpacked and its dates typed.
with registry as (select * from {{ ref('indicator_registry') }}),

unpacked as (
    select
        *,
        string_split(source_extracts, '|') as extract_list,
        string_split(concat_ws('|', official_extracts, reference_extracts), '|') as not_counted
    from registry
)

select
    indicator_id,
    method,
    multiplier::double as multiplier,
    direction,
    short_unit,
    string_split(area_types, '|') as areas,
    string_split(coalesce(official_area_types, ''), '|') as official_areas,
    string_split(coalesce(restricted_area_types, ''), '|') as restricted_areas,
    string_split(period_types, '|') as periods,
    string_split(sexes, '|') as sexes,
    string_split(sexes, '|')[1] as headline_sex,
    case when age_groups is null then [] else string_split(age_groups, '|') end as age_groups,
    headline,
    headline_period,
    aggregation,
    supply,
    pooled_years,
    population_basis,
    coalesce(population_min_age, 0)::integer as min_age,
    coalesce(population_max_age, 150)::integer as max_age,
    standard,
    precision,
    disclosure_gate as policy,
    part_of,
    coalesce(sensitive, false) as is_sensitive,
    independent_events,
    institution_wards is not distinct from 'restricted' as keeps_institutions_back,
    denominator_of is not distinct from 'occasions' as denominator_is_occasions,
    comparator_area,
    provisional_months::integer as provisional_months,
    target_value::double as target_value,
    starts::date as starts,
    coalesce(ends::date, date '9999-12-31') as ends,
    time_grain not in ('month', 'quarter') as is_yearly,
    time_grain = 'quarter' as is_quarterly,
    coalesce(arrival_part, 'all') as arrival_part,
    follow_up_months is not null or follow_up_days is not null as has_follow_up,
    -- How long after its end a month is known: files must cover that much more.
    coalesce(follow_up_months, 0)::integer + coalesce(lag_months, 0)::integer as wait_months,
    coalesce(follow_up_days, 0)::integer + coalesce(lag_days, 0)::integer as wait_days,
    concat_ws(' and ', follow_up_months || ' months', follow_up_days || ' days') as follow_up,
    -- Extracts that carry events or outcomes, the events first; national feeds are named after their publisher.
    list_filter(extract_list, lambda x: not regexp_matches(x, '^(nhse|ons)_')
        and not list_contains(not_counted, x)) as counted_extracts,
    case when snapshot_extracts is null then [] else string_split(snapshot_extracts, '|') end as snapshot_extracts,
    counted_extracts[1] as event_extract
from unpacked
