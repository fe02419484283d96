-- Grain: one row per indicator of the registry, with its lists unpacked and its dates typed.
WITH registry AS (SELECT * FROM {{ ref('indicator_registry') }}),

unpacked AS (
    SELECT
        *,
        string_split(source_extracts, '|') AS extract_list,
        string_split(concat_ws('|', official_extracts, reference_extracts), '|') AS not_counted
    FROM registry
)

SELECT
    indicator_id,
    method,
    multiplier::DOUBLE AS multiplier,
    direction,
    short_unit,
    string_split(area_types, '|') AS areas,
    string_split(coalesce(official_area_types, ''), '|') AS official_areas,
    string_split(coalesce(restricted_area_types, ''), '|') AS restricted_areas,
    string_split(period_types, '|') AS periods,
    string_split(sexes, '|') AS sexes,
    string_split(sexes, '|')[1] AS headline_sex,
    CASE WHEN age_groups IS NULL THEN [] ELSE string_split(age_groups, '|') END AS age_groups,
    headline,
    headline_period,
    aggregation,
    supply,
    pooled_years,
    population_basis,
    coalesce(population_min_age, 0)::INTEGER AS min_age,
    coalesce(population_max_age, 150)::INTEGER AS max_age,
    standard,
    precision,
    disclosure_gate AS policy,
    part_of,
    coalesce(sensitive, FALSE) AS is_sensitive,
    independent_events,
    institution_wards IS NOT DISTINCT FROM 'restricted' AS keeps_institutions_back,
    denominator_of IS NOT DISTINCT FROM 'occasions' AS denominator_is_occasions,
    comparator_area,
    provisional_months::INTEGER AS provisional_months,
    target_value::DOUBLE AS target_value,
    starts::DATE AS starts,
    coalesce(ends::DATE, DATE '9999-12-31') AS ends,
    time_grain NOT IN ('month', 'quarter') AS is_yearly,
    time_grain = 'quarter' AS is_quarterly,
    coalesce(arrival_part, 'all') AS arrival_part,
    follow_up_months IS NOT NULL OR follow_up_days IS NOT NULL AS has_follow_up,
    -- How long after its end a month is known: files must cover that much more.
    coalesce(follow_up_months, 0)::INTEGER + coalesce(lag_months, 0)::INTEGER AS wait_months,
    coalesce(follow_up_days, 0)::INTEGER + coalesce(lag_days, 0)::INTEGER AS wait_days,
    concat_ws(' and ', follow_up_months || ' months', follow_up_days || ' days') AS follow_up,
    -- Extracts that carry events or outcomes, the events first; national feeds are named after their publisher.
    list_filter(extract_list, lambda x: NOT regexp_matches(x, '^(nhse|ons)_')
        AND NOT list_contains(not_counted, x)) AS counted_extracts,
    CASE WHEN snapshot_extracts IS NULL THEN [] ELSE string_split(snapshot_extracts, '|') END AS snapshot_extracts,
    counted_extracts[1] AS event_extract
FROM unpacked
