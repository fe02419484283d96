-- Grain: indicator × area × period (month or quarter) of a series that has a control chart (dim_chart). Published values only, and
-- of periods that are complete.
-- What level, line and season explain is taken off, the rest is charted as NHS "Making Data Count" does (XmR), and the limits
-- are put back where the value stands.
WITH chart AS (SELECT * FROM {{ ref('rst_chart') }} WHERE chart_type NOT IN ('none', 'g')),

point AS (
    SELECT
        level.*, chart.chart_type, chart.points,
        level.line + {{ seasonal_part('level', 'season') }} AS expected,
        level.judged - level.line - {{ seasonal_part('level', 'season') }} AS rest,
        coalesce(level.phase > lag(level.phase) OVER (
            PARTITION BY {{ prefixed('level', chart_series()) }} ORDER BY level.period_start), FALSE) AS is_rebased
    FROM {{ ref('rst_chart_level') }} AS level
    JOIN chart USING ({{ chart_series() | join(', ') }})
    LEFT JOIN {{ ref('rst_chart_season') }} AS season
        ON {% for column in chart_series() %}season.{{ column }} = level.{{ column }} AND {% endfor %}
        season.season = level.place % CASE level.period_type WHEN 'month' THEN 12 ELSE 4 END
),

charted AS (
    {{ spc_xmr('point', series=chart_series(), value='rest', direction='better_when', rebase='is_rebased',
               baseline='is_baseline', keep_width=true) }}
),

limited AS (
    SELECT
        * REPLACE (
            {{ within_possible('mean + expected') }} AS mean,
            {{ within_possible('lower_limit + expected') }} AS lower_limit,
            {{ within_possible('upper_limit + expected') }} AS upper_limit
        ),
        min(period_start) OVER (PARTITION BY {{ chart_series() | join(', ') }}, rebase_group) AS usual_since
    FROM charted
    UNION ALL BY NAME
    SELECT * FROM {{ ref('rst_rare_event') }}
)

SELECT
    indicator_id, area_code, period_id, period_type, period_start, value,
    {% for column in ['mean', 'lower_limit', 'upper_limit'] -%}
    {{ published_number('average', column, 'method', 'precision') }} AS {{ column }},
    {% endfor -%}
    chart_type, usual_since,
    CASE special_cause WHEN 'Common Cause' THEN 'none' ELSE special_cause END AS special_cause,
    {{ chart_variation() }} AS variation,
    CASE {{ spc_assurance('target_value', 'lower_limit', 'upper_limit', 'better_when') }}
        WHEN 'consistent_pass' THEN 'pass' WHEN 'consistent_fail' THEN 'fail' WHEN 'inconsistent' THEN 'hit_or_miss'
        ELSE 'none' END AS assurance,
    target_value AS target,
    points::INTEGER AS points
FROM limited
WHERE judged IS NOT NULL AND mean IS NOT NULL
