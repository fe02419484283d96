-- Grain: one row per value and area it may be compared with, where that area has a figure: of the same period, or the
-- newest official one of the same length that ends by then. Of two that end together, always the same.
-- Read from what is published only. A figure counted here that the registry compares within the district measures
-- something else than published figures do, so it is never set against one.
WITH value AS (
    SELECT released.*, period.months, period.period_end
    FROM {{ ref('rst_released_value') }} AS released
    JOIN {{ ref('int_period') }} AS period ON period.period_id = released.period_id
),

indicator AS (SELECT indicator_id, comparator_area FROM {{ ref('int_indicator') }}),

area AS (SELECT area_code, area_type FROM {{ ref('int_area') }}),

comparator AS (
    SELECT area_code AS comparator_area, area_type AS comparator_type
    FROM area
    WHERE area_type IN ('country', 'region', 'county', 'district')
),

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
        -- A standardised ratio is a comparison with its reference population already: England is 100.
        CASE WHEN value.method = 'smr' AND comparator.comparator_type = 'country' THEN value.multiplier END
            AS reference_value
    FROM value
    JOIN indicator ON indicator.indicator_id = value.indicator_id
    JOIN comparator ON comparator.comparator_area <> value.area_code
),

found AS (
    SELECT
        wanting.*,
        coalesce(CASE WHEN wanting.theirs_measure_the_same OR same.method <> 'published' THEN same.value END,
            wanting.reference_value) AS same_value,
        coalesce(same_value, CASE WHEN wanting.theirs_measure_the_same OR earlier.method <> 'published'
            THEN earlier.value END) AS comparator_value,
        CASE WHEN same_value IS NULL THEN earlier.period_id ELSE wanting.period_id END AS comparator_period
    FROM wanting
    LEFT JOIN value AS same
        ON same.indicator_id = wanting.indicator_id
        AND same.period_id = wanting.period_id
        AND same.sex = wanting.sex
        AND same.age_band = wanting.age_band
        AND same.area_code = wanting.comparator_area
    ASOF LEFT JOIN official AS earlier
        ON earlier.indicator_id = wanting.indicator_id
        AND earlier.area_code = wanting.comparator_area
        AND earlier.sex = wanting.sex
        AND earlier.age_band = wanting.age_band
        AND earlier.months = wanting.months
        AND wanting.period_end >= earlier.period_end
)

SELECT
    indicator_id, area_code, period_id, sex, age_band, comparator_area, comparator_value, comparator_period
FROM found
WHERE comparator_value IS NOT NULL
