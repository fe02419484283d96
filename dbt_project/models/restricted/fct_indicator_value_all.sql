-- Grain: indicator × area × period × sex × age band. Every expected value with its exact counts and intervals,
-- before disclosure control. Restricted: never read from the schema `outcomes` except through rst_released.
WITH value_count AS (SELECT * FROM {{ ref('rst_value_count') }}),

-- Events of the same people scatter more than independent ones.
repeated AS (
    SELECT repeated.indicator_id, period.period_id, repeated.dispersion
    FROM {{ ref('int_event_dispersion') }} AS repeated
    JOIN {{ ref('int_period') }} AS period ON period.months = repeated.months
),

indicator AS (SELECT indicator_id, aggregation, provisional_months, follow_up FROM {{ ref('int_indicator') }}),

quality AS (SELECT indicator_id, area_code, period_id, likely_completeness FROM {{ ref('int_value_quality') }}),

-- What is known is as of the newest delivery; without a ledger, of the end of the newest month.
known AS (
    SELECT coalesce(
        (SELECT max(received_at) FROM {{ ref('int_delivery') }}),
        (SELECT max(month_start) + INTERVAL 1 MONTH FROM {{ ref('int_indicator_supply') }})
    ) AS known_at
),

official AS (
    SELECT indicator_id, area_code, period_id, sex, value, ci95_lower, ci95_upper, ci998_lower, ci998_upper, note
    FROM {{ ref('int_official_value') }}
),

calculated AS (
    SELECT
        indicator_id, area_code, period_id, sex, age_band,
        {{ value_by_method('method', 'numerator', 'denominator', 'multiplier') }}::DOUBLE AS value,
        {{ limit_columns('method', 'numerator', 'denominator', 'multiplier', 'coalesce(dispersion, 1)') }}
    FROM value_count
    LEFT JOIN repeated USING (indicator_id, period_id)
    WHERE method NOT IN ('dsr', 'life_expectancy', 'published')
    UNION ALL BY NAME
    SELECT * EXCLUDE (numerator, denominator), 'all' AS age_band FROM {{ ref('rst_standardised_rate') }}
    UNION ALL BY NAME
    SELECT * EXCLUDE (problem), 'all' AS age_band FROM {{ ref('rst_life_expectancy') }}
    UNION ALL BY NAME
    SELECT official.*, 'all' AS age_band
    FROM official
    SEMI JOIN (FROM value_count WHERE method = 'published') USING (indicator_id, area_code, period_id, sex)
),

described AS (
    SELECT
        value_count.*,
        indicator.aggregation, indicator.follow_up, quality.likely_completeness,
        calculated.* EXCLUDE (indicator_id, area_code, period_id, sex, age_band),
        coalesce(
            {{ value_problem('value_count.method', 'value_count.numerator', 'value_count.denominator') }},
            CASE WHEN life_table.problem IS NOT NULL
                THEN {'status': 'not_calculated_small', 'reason': life_table.problem} END) AS problem,
        -- Only where the time it takes is not over, or past files say that more will come.
        NOT value_count.is_published AND (NOT value_count.has_all_months
            OR coalesce(quality.likely_completeness < {{ var('settled_from') }}, FALSE)
            OR (indicator.provisional_months > 0
                AND value_count.period_end + indicator.provisional_months * INTERVAL 1 MONTH > known.known_at)) AS provisional
    FROM value_count
    JOIN indicator USING (indicator_id)
    JOIN quality USING (indicator_id, area_code, period_id)
    CROSS JOIN known
    LEFT JOIN calculated USING (indicator_id, area_code, period_id, sex, age_band)
    LEFT JOIN {{ ref('rst_life_expectancy') }} AS life_table USING (indicator_id, area_code, period_id, sex)
)

SELECT
    concat_ws('|', indicator_id, area_code, period_id, sex, age_band) AS value_key,
    indicator_id, area_code, period_id, sex, age_band, method, multiplier,
    CASE WHEN NOT is_supplied THEN 'not_supplied'
        WHEN problem IS NOT NULL THEN problem.status
        WHEN is_official THEN 'official'
        WHEN method IN ('dsr', 'smr') AND numerator < 20 THEN 'unreliable_u'
        ELSE 'shown' END AS value_status,
    CASE WHEN is_published THEN coalesce(note, CASE WHEN NOT is_supplied THEN 'not given in the publication' END)
        WHEN is_hidden THEN 'part of the count is hidden by the sender'
        WHEN months_supplied < months_needed THEN months_supplied || ' of ' || months_needed
            || CASE aggregation WHEN 'last' THEN ' snapshots' ELSE ' months' END || ' supplied'
        WHEN NOT is_supplied THEN {{ reason_not_followed_up() }}
        WHEN problem IS NULL AND NOT is_complete
            THEN concat_ws('; ', CASE WHEN NOT has_all_months THEN {{ reason_incomplete() }} END, fall_reason)
        ELSE problem.reason END AS status_reason,
    is_complete,
    numerator, denominator,
    CASE WHEN is_supplied AND problem IS NULL THEN value END AS value,
    CASE WHEN is_supplied AND problem IS NULL THEN ci95_lower END AS ci95_lower,
    CASE WHEN is_supplied AND problem IS NULL THEN ci95_upper END AS ci95_upper,
    CASE WHEN is_supplied AND problem IS NULL THEN ci998_lower END AS ci998_lower,
    CASE WHEN is_supplied AND problem IS NULL THEN ci998_upper END AS ci998_upper,
    is_supplied AND coalesce(provisional, FALSE) AS provisional,
    months_needed, months_supplied
FROM described
