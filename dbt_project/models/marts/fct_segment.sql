-- Grain: financial year × segment × network × quintile. Counts through the gate, cell by cell: 1 to 7 are hidden, so
-- are events of 1 to 7 people and all events of a hidden group; every other count is rounded to 5. There are no totals:
-- a total of shown cells is off by up to 2 for each of them, so it says nothing about a hidden one.
{%- set measures = ['emergency_admissions', 'ae_attendances', 'bed_days', 'prescribing_cost_apportioned'] %}
WITH exact AS (SELECT * FROM {{ ref('rst_segment') }}),

rule AS (SELECT segment, title, priority FROM {{ ref('segment_rule') }}),

gated AS (
    SELECT
        period_id, segment, pcn_code, imd_quintile, measure,
        CASE WHEN NOT is_supplied THEN 'not_supplied'
            WHEN {{ count_is_hidden('people', "'hes2018'") }} OR {{ count_is_hidden('quantity', "'hes2018'") }}
                OR bool_or(measure = 'people' AND {{ count_is_hidden('quantity', "'hes2018'") }}) OVER (
                    PARTITION BY period_id, segment, pcn_code, imd_quintile
                ) THEN 'suppressed_primary'
            ELSE 'shown' END AS status,
        {{ count_rounded('quantity', "'hes2018'") }}::BIGINT AS shown
    FROM exact
),

wide AS (
    SELECT
        period_id, segment, pcn_code, imd_quintile,
        {% for name in ['people'] + measures %}
        max(shown) FILTER (WHERE measure = '{{ name }}' AND status = 'shown') AS {{ name }},
        any_value(status) FILTER (WHERE measure = '{{ name }}') AS {{ name }}_status{{ ',' if not loop.last }}
        {% endfor %}
    FROM gated
    GROUP BY ALL
)

SELECT
    wide.period_id,
    wide.segment,
    coalesce(rule.title, 'Not found on a list') AS segment_title,
    coalesce(rule.priority, 99)::INTEGER AS display_order,
    wide.pcn_code,
    wide.imd_quintile,
    {% for name in ['people'] + measures %}
    wide.{{ name }},
    wide.{{ name }}_status,
    {% endfor %}
    {% for name in measures %}
    CASE WHEN wide.people >= 50 THEN {{ rounded_by('rate', '(1000.0 * wide.' ~ name ~ ' / wide.people)') }} END::DOUBLE AS {{ name }}_per_1000
    {{- ',' if not loop.last }}
    {% endfor %}
FROM wide
LEFT JOIN rule ON rule.segment = wide.segment
