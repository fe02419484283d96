-- Grain: indicator × area × period of the kind the registry headlines, for indicators with a target. Where the figure
-- stands against the target and against the straight line towards it, and whether the target is likely to be met. Only complete figures.
WITH value AS ({{ main_values('fct_indicator_value') }}),

period AS (SELECT * FROM {{ ref('dim_period') }}),

indicator AS (
    SELECT indicator_id, direction, headline_period, target_value, target_date, method, precision
    FROM {{ ref('dim_indicator') }}
    WHERE target_value IS NOT NULL AND headline = 'value'
),

spc AS (SELECT indicator_id, area_code, period_id, assurance FROM {{ ref('fct_indicator_spc') }}),

trend AS (SELECT * FROM {{ ref('fct_indicator_trend') }}),

dated AS (
    SELECT
        value.indicator_id, value.area_code, value.period_id, value.value, value.ci95_lower, value.ci95_upper,
        value.provisional, period.period_type, period.period_end, indicator.* EXCLUDE (indicator_id, headline_period),
        first_value(value.value) OVER series AS first_shown,
        first_value(period.period_end) OVER series AS first_end
    FROM value
    JOIN period ON period.period_id = value.period_id
    JOIN indicator
        ON indicator.indicator_id = value.indicator_id AND indicator.headline_period = period.period_type
    WHERE value.value IS NOT NULL AND value.is_complete
    WINDOW series AS (PARTITION BY value.indicator_id, value.area_code ORDER BY period.period_end)
),

projected AS (
    SELECT
        dated.*, spc.assurance,
        {{ trajectory('dated') }} AS trajectory_value,
        {{ projection('dated', 'trend') }} AS projected_value,
        {{ projection_margin('dated', 'trend') }} AS projected_margin
    FROM dated
    LEFT JOIN spc USING (indicator_id, area_code, period_id)
    LEFT JOIN trend USING (indicator_id, area_code, period_id)
)

SELECT
    indicator_id, area_code, period_id, value, target_value, target_date,
    {{ target_status('value', 'ci95_lower', 'ci95_upper', 'target_value', 'direction') }} AS target_status,
    {{ published_number('figure', 'trajectory_value', 'method', 'precision') }} AS trajectory_value,
    CASE WHEN trajectory_value IS NOT NULL THEN
        {{ target_status('value', 'ci95_lower', 'ci95_upper', 'trajectory_value', 'direction') }} END
        AS trajectory_status,
    {{ published_number('figure', 'projected_value', 'method', 'precision') }} AS projected_value,
    {{ target_likelihood() }} AS likelihood,
    provisional
FROM projected
