-- Grain: financial year × segment × network × quintile. Counts through the gate, cell by cell: 1 to 7 are hidden, so
-- are events of 1 to 7 people and all events of a hidden group; every other count is rounded to 5. There are no totals:
-- a total of shown cells is off by up to 2 for each of them, so it says nothing about a hidden one.
{%- set measures = ['emergency_admissions', 'ae_attendances', 'bed_days', 'prescribing_cost_apportioned'] %}
with exact as (select * from {{ ref('rst_segment') }}),

rule as (select segment, title, priority from {{ ref('segment_rule') }}),

gated as (
    select
        period_id, segment, pcn_code, imd_quintile, measure,
        case when not is_supplied then 'not_supplied'
            when {{ count_is_hidden('people', "'hes2018'") }} or {{ count_is_hidden('quantity', "'hes2018'") }}
                or bool_or(measure = 'people' and {{ count_is_hidden('quantity', "'hes2018'") }}) over (
                    partition by period_id, segment, pcn_code, imd_quintile
                ) then 'suppressed_primary'
            else 'shown' end as status,
        {{ count_rounded('quantity', "'hes2018'") }}::bigint as shown
    from exact
),

wide as (
    select
        period_id, segment, pcn_code, imd_quintile,
        {% for name in ['people'] + measures %}
        max(shown) filter (where measure = '{{ name }}' and status = 'shown') as {{ name }},
        any_value(status) filter (where measure = '{{ name }}') as {{ name }}_status{{ ',' if not loop.last }}
        {% endfor %}
    from gated
    group by all
)

select
    wide.period_id,
    wide.segment,
    coalesce(rule.title, 'Not found on a list') as segment_title,
    coalesce(rule.priority, 99)::integer as display_order,
    wide.pcn_code,
    wide.imd_quintile,
    {% for name in ['people'] + measures %}
    wide.{{ name }},
    wide.{{ name }}_status,
    {% endfor %}
    {% for name in measures %}
    case when wide.people >= 50 then {{ rounded_by('rate', '(1000.0 * wide.' ~ name ~ ' / wide.people)') }} end::double as {{ name }}_per_1000
    {{- ',' if not loop.last }}
    {% endfor %}
from wide
left join rule on rule.segment = wide.segment
