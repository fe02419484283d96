-- Grain: one row per value. What may be published of it: value and intervals calculated from the counts as they are
-- shown, so they say no more than the counts do.
WITH released AS (SELECT * FROM {{ ref('rst_released') }}),

repeated AS (
    SELECT repeated.indicator_id, period.period_id, repeated.dispersion
    FROM {{ ref('int_event_dispersion') }} AS repeated
    JOIN {{ ref('int_period') }} AS period ON period.months = repeated.months
),

calculated AS (
    SELECT
        released.*,
        {{ value_by_method('method', 'numerator', 'denominator', 'multiplier') }}::DOUBLE AS value,
        {{ limit_columns('method', 'numerator', 'denominator', 'multiplier', 'coalesce(dispersion, 1)') }}
    FROM released
    LEFT JOIN repeated USING (indicator_id, period_id)
)

SELECT
    indicator_id, area_code, period_id, sex, age_band, method, multiplier, value_status, status_reason,
    numerator, denominator, provisional, is_complete, policy,
    {% for column in ['value', 'ci95_lower', 'ci95_upper', 'ci998_lower', 'ci998_upper'] %}
    CASE WHEN has_value THEN coalesce(carried_{{ column }}, {{ column }}) END AS {{ column }},
    {% endfor %}
    coalesce(method = 'proportion' AND denominator - {{ rounding_slack('denominator', 'policy') }} < 50, FALSE)
        AS small_base
FROM calculated
