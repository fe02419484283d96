-- Grain: indicator × area × period (years, rolling years, pooled years). The recent trend as Fingertips judges it, of
-- the published values only: this period and the four before it that share no month with it or with each other, as far
-- back as the place is comparable. What is not complete is no point of a trend.
WITH value AS ({{ main_values('fct_indicator_value') }}),

period AS (
    SELECT period_id, period_type, period_start
    FROM {{ ref('dim_period') }}
    WHERE period_type IN ('financial_year', 'calendar_year', 'rolling_12m', 'pooled_3y', 'pooled_5y')
),

indicator AS (SELECT indicator_id, direction FROM {{ ref('int_indicator') }}),

change AS (SELECT area_code, changed_on FROM {{ ref('area_change') }} WHERE NOT is_comparable),

dated AS (
    SELECT
        value.indicator_id, value.area_code, value.period_id, value.value, value.ci95_lower, value.ci95_upper,
        value.provisional, period.period_type, period.period_start, change.changed_on AS comparable_from,
        value.comparability <> 'not_comparable' AND value.is_complete AS is_comparable
    FROM value
    JOIN period ON period.period_id = value.period_id
    ASOF LEFT JOIN change ON change.area_code = value.area_code AND change.changed_on <= period.period_start
),

wanted AS (
    SELECT
        *,
        (period_start - unnest(range(5)) * {{ months_between_comparisons('period_type') }} * INTERVAL 1 MONTH)::DATE
            AS point_start
    FROM dated
),

point AS (
    SELECT
        wanted.indicator_id, wanted.area_code, wanted.period_id,
        earlier.period_start, earlier.value, earlier.ci95_lower, earlier.ci95_upper
    FROM wanted
    JOIN dated AS earlier
        ON earlier.indicator_id = wanted.indicator_id
        AND earlier.area_code = wanted.area_code
        AND earlier.period_type = wanted.period_type
        AND earlier.period_start = wanted.point_start
        AND earlier.comparable_from IS NOT DISTINCT FROM wanted.comparable_from
        AND earlier.is_comparable AND wanted.is_comparable
),

trend AS ({{ fingertips_trend('point', ['indicator_id', 'area_code', 'period_id']) }})

SELECT
    dated.indicator_id, dated.area_code, dated.period_id, dated.period_type, dated.period_start,
    coalesce(trend.trend, 'cannot_be_calculated') AS trend,
    CASE coalesce(trend.trend, 'cannot_be_calculated')
        WHEN 'cannot_be_calculated' THEN 'not_known'
        WHEN 'no_significant_change' THEN 'no_clear_change'
        WHEN 'increasing' THEN CASE indicator.direction WHEN 'up' THEN 'better' ELSE 'worse' END
        ELSE CASE indicator.direction WHEN 'up' THEN 'worse' ELSE 'better' END END AS trend_verdict,
    coalesce(trend.points_used, 0)::INTEGER AS points,
    {{ rounded_by('slope', 'trend.slope') }} AS slope, {{ rounded_by('slope', 'trend.slope_se') }} AS slope_se,
    {{ rounded_by('one_decimal', 'trend.chi_square') }} AS chi_square,
    dated.provisional
FROM dated
JOIN indicator ON indicator.indicator_id = dated.indicator_id
LEFT JOIN trend
    ON trend.indicator_id = dated.indicator_id
    AND trend.area_code = dated.area_code
    AND trend.period_id = dated.period_id
