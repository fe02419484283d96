-- Grain: one row per value. The decision of the disclosure gate: the status, the counts as they may be seen, and the
-- figures that do not follow from them: of standardised rates what the rounded count would give, a life expectancy to a
-- tenth of a year, of published figures what was published, of a held correction all as before. The only way from
-- restricted to outcomes.
WITH value AS (SELECT * FROM {{ ref('rst_standing') }}),

secondary AS (SELECT value_key, hides_denominator FROM {{ ref('rst_secondary') }}),

decided AS (
    SELECT
        value.*,
        coalesce(secondary.hides_denominator, FALSE) AS hides_denominator,
        CASE
            WHEN value_status = 'not_supplied' THEN value_status
            WHEN restricted_only THEN 'suppressed_primary'
            -- Before the small ones: of some of them not even that may be told.
            WHEN secondary.value_key IS NOT NULL THEN 'suppressed_secondary'
            WHEN is_held THEN held_status
            WHEN value_status IN ('not_applicable', 'not_calculated_small') THEN value_status
            WHEN numerator_hidden OR denominator_hidden OR complement_hidden THEN 'suppressed_primary'
            WHEN value_status = 'official' THEN value_status
            WHEN {{ small_base('method', 'policy', 'denominator_shown') }} THEN 'not_calculated_small'
            WHEN method IN ('dsr', 'smr') AND numerator_shown - slack < 20 THEN 'unreliable_u'
            ELSE 'shown'
        END AS released_status
    FROM value
    LEFT JOIN secondary ON secondary.value_key = value.value_key
),

visible AS (
    SELECT
        *,
        released_status IN ('shown', 'unreliable_u', 'official') AS has_value,
        -- Counts of what lacks something else (a population) would be neither rounded off nor hidden for being small.
        released_status NOT IN ('suppressed_primary', 'suppressed_secondary', 'not_supplied') AS has_count
    FROM decided
)

SELECT
    value_key, indicator_id, area_code, period_id, sex, age_band, method, multiplier, policy, provisional, is_complete,
    released_status AS value_status,
    CASE WHEN restricted_only AND NOT is_behind_gap AND released_status = 'suppressed_primary'
            THEN 'a ward with a prison or a secure hospital: its figures of deaths and mental health stay with the partners'
        WHEN restricted_only AND released_status = 'suppressed_primary'
            THEN 'ward figures of this indicator stay with the partners; see the gap between wards'
        WHEN is_held AND released_status <> 'suppressed_secondary' THEN held_reason
        WHEN released_status = 'suppressed_primary' THEN 'too few people'
        WHEN released_status = 'suppressed_secondary' THEN 'would reveal a small number elsewhere'
        WHEN released_status = 'not_calculated_small' AND {{ small_base('method', 'policy', 'denominator_shown') }}
            THEN 'fewer than about 50 people, too few for a percentage'
        WHEN released_status = 'unreliable_u'
            THEN concat_ws('; ', 'about 20 events or fewer', CASE WHEN NOT is_complete THEN status_reason END)
        ELSE status_reason END AS status_reason,
    CASE WHEN has_count THEN numerator_shown END AS numerator,
    CASE WHEN NOT hides_denominator THEN denominator_shown END AS denominator,
    {% for column, side, confidence in [('value', none, none), ('ci95_lower', 'lower', 0.95),
        ('ci95_upper', 'upper', 0.95), ('ci998_lower', 'lower', 0.998), ('ci998_upper', 'upper', 0.998)] %}
    CASE WHEN NOT has_value THEN NULL
        WHEN is_held THEN {{ column }}
        WHEN method = 'dsr' THEN {% if side -%}
        {{ standardised_limit_shown(side, confidence, 'value', column, 'numerator', 'numerator_shown') }}
        {%- else -%} {{ standardised_value_shown('value', 'numerator', 'numerator_shown') }} {%- endif %}
        WHEN method = 'life_expectancy' THEN round({{ column }}, 1)
        WHEN method = 'published' THEN {{ column }} END AS carried_{{ column }},
    {% endfor %}
    has_value
FROM visible
