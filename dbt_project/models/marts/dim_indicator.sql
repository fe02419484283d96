-- Grain: one row per indicator of the registry.
WITH registry AS (SELECT * FROM {{ ref('indicator_registry') }}),

misnamed AS (
    SELECT indicator_id, string_agg(extract || ' ' || series || ': ' || published_name, '; ' ORDER BY extract, series, published_name)
        AS misnamed_series
    FROM {{ ref('int_misnamed_series') }}
    GROUP BY indicator_id
)

SELECT
    indicator_id, title, value_title, objective, workstream, plan_wording, definition, numerator_definition,
    denominator_definition, unit, short_unit, multiplier::DOUBLE AS multiplier, method, direction, official_code, time_grain,
    replace(source_extracts, '|', ', ') AS source_extracts,
    owner,
    coalesce(precision, CASE method {%- for name, rule in precision_of_kinds()['figure'].items() %} WHEN '{{ name }}' THEN '{{ rule }}'{% endfor %} END)
        AS precision,
    baseline_value::DOUBLE AS baseline_value,
    baseline_period::VARCHAR AS baseline_period,
    baseline_source,
    target_value::DOUBLE AS target_value,
    target_date::DATE AS target_date,
    objective_title, plan_source, target_source, headline,
    -- Whatever is measured, a gap between places is better smaller.
    CASE headline WHEN 'ward_gap' THEN 'down' ELSE direction END AS headline_direction,
    headline_period, comparator_area,
    disclosure_policy, disclosure_gate, caution, notes, misnamed.misnamed_series,
    display_order::INTEGER AS display_order
FROM registry
LEFT JOIN misnamed USING (indicator_id)
