-- Grain: one row per period that lies wholly inside the months for which anything was delivered (is_local), and every
-- other period of a yearly snapshot or of a published figure, however early or late.
WITH supply AS (
    SELECT supply.month_start, indicator.is_yearly, indicator.periods
    FROM {{ ref('int_indicator_supply') }} AS supply
    JOIN {{ ref('int_indicator') }} AS indicator ON indicator.indicator_id = supply.indicator_id
),

supplied AS (SELECT min(month_start) AS first_month, max(month_start) AS last_month FROM supply WHERE NOT is_yearly),

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
        TRUE AS is_local
    FROM month
    WHERE month_start + INTERVAL {{ kind.months - 1 }} MONTH <= last_month
        {% if kind.starts %}AND month(month_start) IN ({{ kind.starts | join(', ') }}){% endif %}
    UNION ALL
    {% if kind.months == 12 and kind.starts %}
    SELECT '{{ kind.type }}', 12, {{ year_start('month_start', kind.starts[0]) }}, FALSE
    FROM supply
    WHERE is_yearly AND list_contains(periods, '{{ kind.type }}')
    UNION ALL
    {% endif %}
    {% endfor %}
    SELECT period_type, months, period_start, FALSE
    FROM {{ ref('int_official_value') }}
),

known AS (
    SELECT
        period_type,
        period_start,
        (period_start + max(months) * INTERVAL 1 MONTH - INTERVAL 1 DAY)::DATE AS period_end,
        max(months)::INTEGER AS months,
        bool_or(is_local) AS is_local
    FROM period
    GROUP BY period_type, period_start
)

SELECT
    {{ period_id('period_type', 'period_start', 'period_end') }} AS period_id,
    period_type,
    period_start,
    period_end,
    {{ period_label('period_type', 'period_start', 'period_end') }} AS label,
    months,
    CASE WHEN months >= 12 AND period_type <> 'rolling_12m'
        THEN CASE month(period_start) WHEN 1 THEN 'calendar' WHEN 9 THEN 'school' ELSE 'financial' END END AS year_type,
    is_local
FROM known
