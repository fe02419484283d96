-- Grain: indicator × area × period type of the published values: which control chart there is, or why none.
WITH value AS ({{ main_values('fct_indicator_value') }}),

period AS (SELECT period_id, period_type FROM {{ ref('dim_period') }}),

figure AS (
    SELECT value.indicator_id, value.area_code, period.period_type, count(value.value) AS points
    FROM value
    JOIN period ON period.period_id = value.period_id
    GROUP BY ALL
),

-- Of the charts before and after a rebase the newest that there is.
chart AS (
    SELECT *
    FROM {{ ref('rst_chart') }}
    QUALIFY row_number() OVER (
        PARTITION BY indicator_id, area_code, period_type ORDER BY chart_type = 'none', segment DESC) = 1
)

SELECT
    figure.indicator_id, figure.area_code, figure.period_type,
    coalesce(chart.chart_type, 'none') AS chart_type,
    CASE WHEN chart.chart_type IS NOT NULL THEN coalesce(chart.reason_against, {{ reason_for_chart('chart.chart_type') }})
        WHEN figure.period_type LIKE 'rolling%' OR figure.period_type LIKE 'pooled%' THEN 'periods overlap, so their values do, too'
        ELSE 'yearly figures' END AS chart_reason,
    coalesce(chart.points, figure.points)::INTEGER AS points,
    CASE WHEN chart.chart_type <> 'none' THEN chart.phases::INTEGER END AS levels,
    CASE WHEN chart.chart_type <> 'none' THEN chart.usual_since END AS usual_since,
    CASE WHEN chart.chart_type LIKE 'trend%' THEN {{ published_number('average', "(chart.slope * CASE figure.period_type WHEN 'month' THEN 12 ELSE 4 END)", 'chart.method', 'chart.precision') }} END AS change_a_year,
    {{ published_number('p_value', 'chart.season_p_value', 'chart.method', 'chart.precision') }} AS season_p_value
FROM figure
LEFT JOIN chart USING (indicator_id, area_code, period_type)
