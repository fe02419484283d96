-- Grain: one row per period that lies wholly inside the months for which anything was delivered.
WITH supplied AS (
    SELECT min(month_start) AS first_month, max(month_start) AS last_month
    FROM {{ ref('int_indicator_supply') }}
),

month AS (
    SELECT unnest(generate_series(first_month, last_month, INTERVAL 1 MONTH))::DATE AS month_start, last_month
    FROM supplied
),

period AS (
    {% for kind in period_types() %}
    SELECT
        '{{ kind.type }}' AS period_type,
        {{ kind.months }} AS months,
        month_start AS period_start,
        (month_start + INTERVAL {{ kind.months }} MONTH - INTERVAL 1 DAY)::DATE AS period_end
    FROM month
    WHERE month_start + INTERVAL {{ kind.months - 1 }} MONTH <= last_month
        {% if kind.starts %}AND month(month_start) IN ({{ kind.starts | join(', ') }}){% endif %}
    {{ 'UNION ALL' if not loop.last }}
    {% endfor %}
)

SELECT
    {{ period_id('period_type', 'period_start', 'period_end') }} AS period_id,
    period_type,
    period_start,
    period_end,
    {{ period_label('period_type', 'period_start', 'period_end') }} AS label,
    months::INTEGER AS months,
    CASE WHEN months >= 12 AND period_type <> 'rolling_12m'
        THEN CASE month(period_start) WHEN 1 THEN 'calendar' WHEN 9 THEN 'school' ELSE 'financial' END END AS year_type
FROM period
