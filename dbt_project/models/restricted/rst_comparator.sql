-- Grain: one row per value and area it may be compared with, where that area has a figure: of the same days. A
-- financial year and the twelve months to its end are the same days; an earlier period is none, however near.
-- Read from what is published only. A figure counted here that the registry compares within the district measures
-- something else than published figures do, so it is never set against one.
WITH value AS (
    SELECT released.*, period.months, period.period_end
    FROM {{ ref('rst_released_value') }} AS released
    JOIN {{ ref('int_period') }} AS period ON period.period_id = released.period_id
),

reference AS (
    SELECT coalesce(bool_and(basis = 'delivered'), FALSE) AS is_delivered FROM {{ ref('int_reference_rate') }}
),

indicator AS (SELECT indicator_id, comparator_area FROM {{ ref('int_indicator') }}),

area AS (SELECT area_code, area_type FROM {{ ref('int_area') }}),

comparator AS (
    SELECT area_code AS comparator_area, area_type AS comparator_type
    FROM area
    WHERE area_type IN ('country', 'region', 'county', 'district')
),

-- Of two official figures of the same days, always the same.
official AS (
    SELECT * FROM value WHERE value_status = 'official'
    QUALIFY row_number() OVER (
        PARTITION BY indicator_id, area_code, sex, age_band, months, period_end ORDER BY period_id) = 1
),

wanting AS (
    SELECT
        value.*,
        comparator.comparator_area,
        value.method = 'published'
            OR indicator.comparator_area IS DISTINCT FROM '{{ var('district_code') }}' AS theirs_measure_the_same,
        -- A standardised ratio is a comparison with its reference population already: England is 100, if the rates are
        -- England's and not invented ones.
        CASE WHEN value.method = 'smr' AND comparator.comparator_type = 'country' AND reference.is_delivered
            THEN value.multiplier END
            AS reference_value
    FROM value
    JOIN indicator ON indicator.indicator_id = value.indicator_id
    JOIN comparator ON comparator.comparator_area <> value.area_code
    CROSS JOIN reference
),

found AS (
    SELECT
        wanting.*,
        coalesce(CASE WHEN wanting.theirs_measure_the_same OR same.method <> 'published' THEN same.value END,
            wanting.reference_value) AS same_value,
        coalesce(same_value, CASE WHEN wanting.theirs_measure_the_same OR alike.method <> 'published'
            THEN alike.value END) AS comparator_value,
        CASE WHEN same_value IS NULL THEN alike.period_id ELSE wanting.period_id END AS comparator_period
    FROM wanting
    LEFT JOIN value AS same
        ON same.indicator_id = wanting.indicator_id
        AND same.period_id = wanting.period_id
        AND same.sex = wanting.sex
        AND same.age_band = wanting.age_band
        AND same.area_code = wanting.comparator_area
    LEFT JOIN official AS alike
        ON alike.indicator_id = wanting.indicator_id
        AND alike.area_code = wanting.comparator_area
        AND alike.sex = wanting.sex
        AND alike.age_band = wanting.age_band
        AND alike.months = wanting.months
        AND alike.period_end = wanting.period_end
)

SELECT
    indicator_id, area_code, period_id, sex, age_band, comparator_area, comparator_value, comparator_period
FROM found
WHERE comparator_value IS NOT NULL
