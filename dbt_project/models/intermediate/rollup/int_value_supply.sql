-- Grain: one row per indicator, area and period of the spine: how many of the months it needs were supplied, of how
-- many of these the outcomes are known, and how many are complete; of a published figure, whether it was.
-- Sums need every month (growth also the same months a year before); a snapshot needs one in the last three months, a
-- yearly one anywhere in the year.
-- A hospital site or an organisation that its extract never mentions is not covered by it: nothing was supplied, rather
-- than zero.
WITH spine AS (SELECT DISTINCT * EXCLUDE (sex, age_band) FROM {{ ref('int_value_spine') }} WHERE NOT is_published),

published AS (
    SELECT DISTINCT indicator_id, area_code, period_id FROM {{ ref('int_value_spine') }} WHERE is_published
),

official AS (SELECT * FROM {{ ref('int_official_value') }}),

indicator AS (SELECT indicator_id, method, aggregation, is_yearly FROM {{ ref('int_indicator') }}),

-- Official figures come ready made: what is published is complete.
supply AS (
    SELECT
        supply.*,
        supply.source <> 'local' OR month.is_followed_up AS is_followed_up,
        supply.source <> 'local' OR month.is_complete AS is_complete
    FROM {{ ref('int_indicator_supply') }} AS supply
    LEFT JOIN {{ ref('int_month_completeness') }} AS month USING (indicator_id, month_start)
),

mentioned AS (SELECT DISTINCT indicator_id, area_code FROM {{ ref('int_area_month') }}),

needed AS (
    SELECT
        spine.indicator_id, spine.area_code, spine.period_id, spine.source, spine.period_end, spine.period_start,
        indicator.aggregation = 'last' AS is_snapshot,
        CASE WHEN indicator.is_yearly THEN spine.period_start ELSE spine.period_end - INTERVAL 3 MONTH END AS snapshot_from,
        indicator.method = 'growth' AS is_growth,
        CASE WHEN indicator.aggregation = 'last' THEN 1
            WHEN indicator.method = 'growth' THEN spine.months + least(spine.months, 12)
            ELSE spine.months END AS months_needed
    FROM spine
    JOIN indicator ON indicator.indicator_id = spine.indicator_id
    WHERE spine.area_type NOT IN ('site', 'provider')
        OR (spine.indicator_id, spine.area_code) IN (SELECT (indicator_id, area_code) FROM mentioned)
)

SELECT
    spine.indicator_id,
    spine.area_code,
    spine.period_id,
    coalesce(any_value(needed.months_needed), spine.months)::INTEGER AS months_needed,
    {% for months, condition in [('months_supplied', 'TRUE'), ('months_followed_up', 'supply.is_followed_up'),
        ('months_complete', 'supply.is_complete')] %}
    least(coalesce(any_value(needed.months_needed), 0), count(supply.month_start) FILTER ({{ condition }}))::INTEGER
        AS {{ months }} {{- ',' if not loop.last }}
    {% endfor %}
FROM spine
LEFT JOIN needed USING (indicator_id, area_code, period_id)
LEFT JOIN supply
    ON supply.indicator_id = needed.indicator_id
    AND supply.source = needed.source
    AND (CASE WHEN needed.is_snapshot
            THEN supply.month_start BETWEEN needed.snapshot_from AND needed.period_end
            ELSE supply.month_start BETWEEN needed.period_start AND needed.period_end END
        OR (needed.is_growth
            AND supply.month_start + INTERVAL 12 MONTH BETWEEN needed.period_start AND needed.period_end))
GROUP BY spine.indicator_id, spine.area_code, spine.period_id, spine.months

UNION ALL

SELECT
    published.indicator_id, published.area_code, published.period_id, 1,
    least(1, count(official.value))::INTEGER AS given, given, given
FROM published
LEFT JOIN official USING (indicator_id, area_code, period_id)
GROUP BY ALL
