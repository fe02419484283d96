-- Grain: indicator × period, for indicators with wards or IMD quintiles. Statistics of the gap only: no ward is
-- named and no count given. Where the wards themselves are not published the gap is in whole units.
WITH ward_gap AS (SELECT * FROM {{ ref('rst_ward_gap') }}),

chance AS (SELECT * FROM {{ ref('rst_chance_gap') }}),

slope AS (SELECT * FROM {{ ref('rst_slope_index') }}),

period AS (SELECT * FROM {{ ref('dim_period') }}),

inequality AS (
    SELECT *
    FROM ward_gap
    FULL JOIN slope USING (indicator_id, period_id)
    LEFT JOIN chance USING (indicator_id, period_id)
    JOIN period USING (period_id)
),

with_earlier AS (
    SELECT
        this.*,
        CASE WHEN this.is_restricted THEN 0 ELSE 2 END AS digits,
        earlier.gap AS earlier_gap,
        earlier.lower AS earlier_lower,
        earlier.upper AS earlier_upper
    FROM inequality AS this
    -- The latest period of the same kind that shares no month with this one, in the same season.
    LEFT JOIN inequality AS earlier
        ON earlier.indicator_id = this.indicator_id
        AND earlier.period_type = this.period_type
        AND earlier.value_status = 'shown'
        AND this.value_status = 'shown'
        AND earlier.period_start + {{ months_between_comparisons('this.period_type') }} * INTERVAL 1 MONTH = this.period_start
)

SELECT
    indicator_id,
    period_id,
    coalesce(value_status, 'not_applicable') AS value_status,
    wards::INTEGER AS wards,
    {% for column, name in [('gap', 'gap'), ('lower', 'gap_ci95_lower'), ('upper', 'gap_ci95_upper'),
        ('gap_by_chance', 'gap_by_chance'), ('gap_by_chance_lower', 'gap_by_chance_lower'),
        ('gap_by_chance_upper', 'gap_by_chance_upper')] %}
    CASE WHEN value_status = 'shown' THEN round({{ column }}, digits) END AS {{ name }},
    {% endfor %}
    CASE WHEN value_status = 'shown' THEN chance_probability END AS chance_probability,
    CASE WHEN gap IS NULL OR earlier_gap IS NULL THEN 'no_earlier_period'
        WHEN upper < earlier_lower THEN 'closing'
        WHEN lower > earlier_upper THEN 'widening'
        ELSE 'no_clear_change' END AS gap_trend,
    {% for column in ['sii', 'sii_ci95_lower', 'sii_ci95_upper', 'rii', 'rii_ci95_lower', 'rii_ci95_upper'] %}
    round({{ column }}, 8) AS {{ column }},
    {% endfor %}
    coalesce(provisional, FALSE) AS provisional
FROM with_earlier
