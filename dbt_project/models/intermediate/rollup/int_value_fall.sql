-- Grain: one row per indicator and period with a fall in events that nothing explains, in a month it is made of: of its
-- own events, or of the rows of an extract it is counted from. Growth also looks at the year before.
WITH fall AS (SELECT * FROM {{ ref('int_fall_finding') }} WHERE explained_by IS NULL),

indicator AS (SELECT indicator_id, method, periods, aggregation, counted_extracts FROM {{ ref('int_indicator') }}),

period AS (SELECT period_id, period_type, period_start, period_end FROM {{ ref('int_period') }}),

touched AS (
    SELECT
        indicator.indicator_id, indicator.method, indicator.periods, indicator.aggregation, fall.month_start,
        max(1 - fall.events / fall.expected) AS share
    FROM fall
    JOIN indicator
        ON CASE fall.subject WHEN 'indicator' THEN indicator.indicator_id = fall.series_id
            ELSE list_contains(indicator.counted_extracts, fall.series_id) END
    GROUP BY ALL
),

within AS (
    SELECT touched.indicator_id, period.period_id, touched.month_start, touched.share
    FROM touched
    JOIN period
        ON list_contains(touched.periods, period.period_type)
        AND (touched.month_start BETWEEN period.period_start AND period.period_end
            OR (touched.method = 'growth'
                AND touched.month_start + INTERVAL 12 MONTH BETWEEN period.period_start AND period.period_end))
        -- A snapshot stands for the end of the period only.
        AND (touched.aggregation = 'sum' OR touched.month_start > period.period_end - INTERVAL 3 MONTH)
)

SELECT
    indicator_id, period_id,
    'far fewer events than usual in ' || strftime(min(month_start), '%B %Y')
        || CASE count(*) WHEN 1 THEN '' WHEN 2 THEN ' and in one more month'
            ELSE ' and in ' || (count(*) - 1) || ' more months' END
        || ' (' || {{ fall_share('arg_min(share, month_start)') }} || ' missing), and no delivery explains it' AS reason
FROM within
GROUP BY indicator_id, period_id
