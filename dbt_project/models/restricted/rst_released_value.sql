-- Grain: one row per value. What may be published of it: value and intervals calculated from the counts as they are
-- shown, so they say no more than the counts do, and rounded to the precision of their method. Everything published is
-- made from this.
{%- set columns = ['value', 'ci95_lower', 'ci95_upper', 'ci998_lower', 'ci998_upper'] %}
WITH released AS (SELECT * FROM {{ ref('rst_released') }}),

repeated AS (
    SELECT repeated.indicator_id, period.period_id, repeated.dispersion
    FROM {{ ref('int_event_dispersion') }} AS repeated
    JOIN {{ ref('int_period') }} AS period ON period.months = repeated.months
),

indicator AS (SELECT indicator_id, precision FROM {{ ref('int_indicator') }}),

calculated AS (
    SELECT
        released.*,
        {{ value_by_method('method', 'numerator', 'denominator', 'multiplier') }}::DOUBLE AS value,
        {{ limit_columns('method', 'numerator', 'denominator', 'multiplier', 'coalesce(dispersion, 1)') }}
    FROM released
    LEFT JOIN repeated USING (indicator_id, period_id)
),

visible AS (
    SELECT
        calculated.* EXCLUDE ({{ columns | join(', ') }}),
        indicator.precision,
        {% for column in columns %}
        CASE WHEN has_value THEN coalesce(carried_{{ column }}, {{ column }}) END AS {{ column }} {{- ',' if not loop.last }}
        {% endfor %}
    FROM calculated
    JOIN indicator ON indicator.indicator_id = calculated.indicator_id
)

SELECT
    indicator_id, area_code, period_id, sex, age_band, method, multiplier, precision, value_status, status_reason,
    CASE method WHEN 'total' THEN {{ published_number('figure', 'numerator', 'method', 'precision') }}
        ELSE {{ rounded_by('whole', 'numerator') }} END AS numerator,
    {{ rounded_by('two_decimals', 'denominator') }} AS denominator,
    provisional, is_complete, policy,
    {% for column in columns %}
    {{ published_number('figure', column, 'method', 'precision', events='numerator') }} AS {{ column }},
    {% endfor %}
    coalesce(method = 'proportion' AND denominator - {{ rounding_slack('denominator', 'policy') }} < 50, FALSE)
        AS small_base
FROM visible
