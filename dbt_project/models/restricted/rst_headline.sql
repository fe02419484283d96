-- Grain: one row per indicator: the published figure that stands for it now, and the one it is compared with.
-- The latest supplied period of the kind the registry names, for the best area that has one; for a gap indicator the
-- gap between wards. A hidden figure stays the latest: an older one in its place would tell an old story. Nothing
-- supplied at all: the district's latest row, whose status says so. A period that is not complete stands for the
-- indicator only where no complete one has been supplied.
WITH indicator AS (SELECT * FROM {{ ref('dim_indicator') }}),

period AS (SELECT * FROM {{ ref('dim_period') }}),

headline_area AS (SELECT * FROM {{ ref('int_headline_area') }}),

candidate AS (
    SELECT
        value.indicator_id, value.area_code, value.period_id, value.value_status, value.value, value.ci95_lower,
        value.ci95_upper, value.provisional, value.comparator_area, value.comparator_period, value.comparator_value,
        value.compared, value.is_complete, value.status_reason, value.method = 'published' AS is_published,
        value.confidence_grade, value.confidence_reasons, value.method, value.numerator, value.denominator,
        -- Rounding to the nearest 5 adds the variance of an even spread over 5.
        CASE WHEN value.policy = 'open' OR value.value_status = 'official' THEN 0 ELSE 25 / 12 END AS rounding,
        value.small_base, headline_area.place
    FROM ({{ main_values('fct_indicator_value') }}) AS value
    JOIN headline_area ON headline_area.area_code = value.area_code
    JOIN indicator ON indicator.indicator_id = value.indicator_id AND indicator.headline = 'value'
    UNION ALL
    SELECT
        gap.indicator_id, headline_area.area_code, gap.period_id, gap.value_status, gap.gap, gap.gap_ci95_lower,
        gap.gap_ci95_upper, gap.provisional, NULL, NULL, NULL, 'not_compared', gap.is_complete, NULL, FALSE,
        NULL, NULL, 'gap', NULL, NULL, 0,
        FALSE, 1
    FROM {{ ref('fct_inequality') }} AS gap
    JOIN headline_area ON headline_area.place = 1
    JOIN indicator ON indicator.indicator_id = gap.indicator_id AND indicator.headline = 'ward_gap'
),

dated AS (
    SELECT candidate.*, period.period_type, period.period_start, period.period_end, period.label AS period_label
    FROM candidate
    JOIN period ON period.period_id = candidate.period_id
    JOIN indicator
        ON indicator.indicator_id = candidate.indicator_id AND indicator.headline_period = period.period_type
),

latest AS (
    SELECT *
    FROM dated
    QUALIFY row_number() OVER (
        PARTITION BY indicator_id
        ORDER BY value_status IN ('not_supplied', 'not_applicable'), NOT is_complete, place, period_start DESC
    ) = 1
),

-- The newest period after it, which is not complete, if there is one.
newer AS (
    SELECT dated.indicator_id, dated.period_label, dated.status_reason
    FROM dated
    JOIN latest USING (indicator_id, area_code)
    WHERE dated.period_start > latest.period_start AND NOT dated.is_complete AND NOT dated.is_published
    QUALIFY row_number() OVER (PARTITION BY dated.indicator_id ORDER BY dated.period_start DESC) = 1
)

SELECT
    latest.* EXCLUDE (place, is_published, status_reason),
    newer.period_label AS incomplete_period_label,
    newer.status_reason AS incomplete_reason,
    earlier.value AS previous_value,
    earlier.ci95_lower AS previous_lower,
    earlier.ci95_upper AS previous_upper,
    earlier.numerator AS previous_numerator,
    earlier.denominator AS previous_denominator,
    earlier.period_id AS previous_period_id,
    earlier.period_label AS previous_period_label
FROM latest
LEFT JOIN dated AS earlier
    ON earlier.indicator_id = latest.indicator_id
    AND earlier.area_code = latest.area_code
    AND earlier.period_type = latest.period_type
    AND earlier.is_complete AND latest.is_complete
    AND earlier.period_start + {{ months_between_comparisons('latest.period_type') }} * INTERVAL 1 MONTH
        = latest.period_start
LEFT JOIN newer ON newer.indicator_id = latest.indicator_id
