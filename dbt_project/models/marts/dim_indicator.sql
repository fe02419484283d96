-- Grain: one row per indicator of the registry.
with registry as (select * from {{ ref('indicator_registry') }}),

misnamed as (
    select indicator_id, string_agg(extract || ' ' || series || ': ' || published_name, '; ' order by extract, series, published_name)
        as misnamed_series
    from {{ ref('int_misnamed_series') }}
    group by indicator_id
)

select
    indicator_id, title, value_title, objective, workstream, plan_wording, definition, numerator_definition,
    denominator_definition, unit, short_unit, multiplier::double as multiplier, method, direction, official_code, time_grain,
    replace(source_extracts, '|', ', ') as source_extracts,
    owner,
    coalesce(precision, case method {%- for name, rule in precision_of_kinds()['figure'].items() %} when '{{ name }}' then '{{ rule }}'{% endfor %} end)
        as precision,
    baseline_value::double as baseline_value,
    baseline_period::varchar as baseline_period,
    baseline_source,
    target_value::double as target_value,
    target_date::date as target_date,
    objective_title, plan_source, target_source, headline,
    -- Whatever is measured, a gap between places is better smaller.
    case headline when 'ward_gap' then 'down' else direction end as headline_direction,
    headline_period, comparator_area,
    disclosure_policy, disclosure_gate, caution, notes, misnamed.misnamed_series,
    display_order::integer as display_order
from registry
left join misnamed using (indicator_id)
