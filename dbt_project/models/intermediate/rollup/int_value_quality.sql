-- Grain: one row per indicator, area and period of the spine: what of its inputs a reader should know, whatever its counts are.
-- Official figures come ready made: neither our populations nor our deliveries are in them.
WITH spine AS (SELECT DISTINCT * EXCLUDE (sex, age_band) FROM {{ ref('int_value_spine') }}),

indicator AS (SELECT indicator_id, method, population_basis, event_extract, arrival_part FROM {{ ref('int_indicator') }}),

population AS (
    SELECT
        area_code, list, population_year,
        bool_or(basis = 'interpolated') AS is_interpolated, bool_or(basis = 'carried') AS is_carried
    FROM {{ ref('int_population') }}
    GROUP BY ALL
),

delivery AS (
    SELECT extract, date_trunc('month', unnest(periods))::DATE AS month_start, quarantined, rows_in
    FROM {{ ref('int_delivery') }}
    WHERE verdict <> 'rejected'
),

set_aside AS (
    SELECT period.period_id, delivery.extract, sum(delivery.quarantined) / nullif(sum(delivery.rows_in), 0) AS share
    FROM {{ ref('int_period') }} AS period
    JOIN delivery ON delivery.month_start BETWEEN period.period_start AND period.period_end
    GROUP BY ALL
),

completeness AS (SELECT * FROM {{ ref('int_period_completeness') }}),

change AS (SELECT area_code, changed_on, change, is_comparable FROM {{ ref('area_change') }}),

-- Growth looks back a year before its period begins.
reach AS (
    SELECT
        spine.*,
        (spine.period_start - CASE indicator.method WHEN 'growth' THEN 12 ELSE 0 END * INTERVAL 1 MONTH)::DATE
            AS first_day
    FROM spine
    JOIN indicator ON indicator.indicator_id = spine.indicator_id
),

changed AS (
    SELECT
        reach.indicator_id, reach.area_code, reach.period_id,
        bool_or(change.change = 'began' AND reach.first_day < change.changed_on) AS carried_back,
        bool_or(change.change = 'redrawn' AND reach.period_end >= change.changed_on) AS recast,
        bool_or(NOT change.is_comparable AND reach.first_day < change.changed_on
            AND reach.period_end >= change.changed_on) AS spans_change
    FROM reach
    JOIN change ON change.area_code = reach.area_code
    GROUP BY ALL
),

estimated AS (
    SELECT
        spine.indicator_id, spine.area_code, spine.period_id,
        bool_or(population.is_interpolated) AS is_interpolated, bool_or(population.is_carried) AS is_carried
    FROM spine
    JOIN indicator ON indicator.indicator_id = spine.indicator_id AND indicator.population_basis IS NOT NULL
    JOIN population
        ON population.area_code = spine.area_code
        AND population.list = CASE spine.area_type WHEN 'pcn' THEN 'registered' ELSE 'resident' END
        AND CASE indicator.population_basis
            WHEN 'persons' THEN population.population_year
                = year(spine.period_start + ((spine.period_end - spine.period_start) // 2)::INTEGER)
            ELSE population.population_year BETWEEN year(spine.period_start) AND year(spine.period_end) END
    GROUP BY ALL
)

SELECT
    spine.indicator_id,
    spine.area_code,
    spine.period_id,
    NOT spine.is_official AND coalesce(estimated.is_interpolated, FALSE) AS population_interpolated,
    NOT spine.is_official AND coalesce(estimated.is_carried, FALSE) AS population_carried,
    CASE WHEN spine.is_official THEN 0 ELSE coalesce(set_aside.share, 0) END::DOUBLE AS set_aside_share,
    NOT spine.is_official AND coalesce(changed.carried_back, FALSE) AS carried_back,
    NOT spine.is_official AND coalesce(changed.recast, FALSE) AS recast,
    coalesce(changed.spans_change, FALSE) AS spans_change,
    CASE WHEN NOT spine.is_official THEN completeness.completeness END AS likely_completeness
FROM spine
JOIN indicator ON indicator.indicator_id = spine.indicator_id
LEFT JOIN estimated
    ON estimated.indicator_id = spine.indicator_id AND estimated.area_code = spine.area_code
    AND estimated.period_id = spine.period_id
LEFT JOIN changed
    ON changed.indicator_id = spine.indicator_id AND changed.area_code = spine.area_code
    AND changed.period_id = spine.period_id
LEFT JOIN set_aside ON set_aside.period_id = spine.period_id AND set_aside.extract = indicator.event_extract
LEFT JOIN completeness
    ON completeness.period_id = spine.period_id AND completeness.extract = indicator.event_extract
    AND completeness.part = indicator.arrival_part
