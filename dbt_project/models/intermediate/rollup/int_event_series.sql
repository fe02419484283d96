-- Grain: one row per series and month: how many events there were in months that were supplied and are complete. A series
-- is the events of an indicator at the place (the best area that stands for it; people, who count once in a period, by
-- its shortest kind of period), or the event rows of an extract. What
-- is taken as a snapshot, added up in pounds or hours, or published ready made is no series of events.
WITH indicator AS (
    SELECT
        *,
        CASE method WHEN 'proportion' THEN 'denominator' ELSE 'numerator' END AS events_are,
        CASE WHEN aggregation = 'people'
            THEN CASE WHEN list_contains(periods, 'month') THEN 'month' ELSE 'quarter' END END AS counted_by,
        is_quarterly OR coalesce(counted_by = 'quarter', FALSE) AS is_by_quarter
    FROM {{ ref('int_indicator') }}
    WHERE aggregation IN ('sum', 'people') AND NOT is_yearly
        AND method IN ('proportion', 'count', 'crude_rate', 'dsr', 'growth', 'life_expectancy')
),

area AS (SELECT area_code, area_type FROM {{ ref('int_area') }}),

place AS (
    SELECT indicator.*, headline.area_code
    FROM indicator
    JOIN (SELECT DISTINCT indicator_id, area_code FROM {{ ref('int_area_month') }}) AS counted USING (indicator_id)
    JOIN area ON area.area_code = counted.area_code
        AND NOT list_contains(indicator.official_areas, area.area_type)
    JOIN {{ ref('int_headline_area') }} AS headline ON headline.area_code = counted.area_code
    QUALIFY row_number() OVER (PARTITION BY indicator.indicator_id ORDER BY headline.place) = 1
),

extract_month AS (
    SELECT DISTINCT extract, date_trunc('month', unnest(periods))::DATE AS month_start
    FROM {{ ref('int_delivery') }}
    WHERE verdict <> 'rejected'
),

-- A month with a file of nothing has 0 events, and is not left out.
supplied AS (
    SELECT
        'indicator' AS subject, place.indicator_id AS series_id, place.area_code,
        CASE WHEN place.is_by_quarter THEN date_trunc('quarter', month.month_start)::DATE ELSE month.month_start END
            AS month_start,
        place.events_are
    FROM {{ ref('int_month_completeness') }} AS month
    JOIN place USING (indicator_id)
    WHERE month.is_complete AND month.is_followed_up AND month.month_start >= place.starts
    GROUP BY ALL
    HAVING count(*) = CASE WHEN any_value(place.is_by_quarter) THEN 3 ELSE 1 END
    UNION ALL
    SELECT 'extract', extract_month.extract, NULL, extract_month.month_start, NULL
    FROM extract_month
    LEFT JOIN {{ ref('int_extract_completeness') }} AS arrived
        ON arrived.extract = extract_month.extract AND arrived.part = 'all'
        AND arrived.event_month = extract_month.month_start
    WHERE extract_month.extract IN (SELECT extract FROM {{ ref('int_event_row') }})
        AND coalesce(arrived.completeness, 1) >= {{ var('complete_from') }}
),

counted AS (
    SELECT
        'indicator' AS subject, indicator_id AS series_id, area_code, month_start, sum(numerator) AS numerator,
        sum(denominator) AS denominator
    FROM {{ ref('int_area_month') }}
    JOIN indicator USING (indicator_id)
    WHERE period_type IS NOT DISTINCT FROM counted_by
    GROUP BY ALL
    UNION ALL
    SELECT 'extract', extract, NULL, month_start, sum(event_rows), NULL
    FROM {{ ref('int_event_row') }}
    GROUP BY ALL
)

SELECT
    supplied.subject, supplied.series_id, supplied.area_code, supplied.month_start,
    coalesce(CASE supplied.events_are WHEN 'denominator' THEN counted.denominator ELSE counted.numerator END, 0)::DOUBLE
        AS events
FROM supplied
LEFT JOIN counted
    ON counted.subject = supplied.subject AND counted.series_id = supplied.series_id
    AND counted.area_code IS NOT DISTINCT FROM supplied.area_code AND counted.month_start = supplied.month_start
