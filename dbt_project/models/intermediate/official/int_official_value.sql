-- Grain: indicator × area × period (type and first day) × sex. Published figures of the same measure as an indicator,
-- as the registry names their series; value and limits as given. A value the publisher hid is NULL, with the note.
WITH series AS (SELECT * FROM {{ ref('indicator_official_series') }}),

figure AS (SELECT * FROM {{ ref('int_published_figure') }} WHERE period.type <> 'other'),

-- A number under which the publication has another measure: nothing of it is taken.
misnamed AS (SELECT * FROM {{ ref('int_misnamed_series') }}),

area AS (SELECT area_code FROM {{ ref('int_area') }}),

matched AS (
    SELECT
        series.indicator_id, series.place, figure.*,
        -- 2017/18 is written for financial, school and survey years alike.
        month(figure.period.start) = 4 AND series.years <> 'financial' AS is_other_year,
        CASE WHEN NOT is_other_year THEN figure.period.type
            WHEN figure.period.type <> 'financial_year' THEN figure.period.type
            WHEN series.years = 'school' THEN 'school_year' ELSE 'rolling_12m' END AS period_type,
        (figure.period.start + CASE WHEN NOT is_other_year THEN 0 WHEN series.years = 'school' THEN 5 ELSE 8 END
            * INTERVAL 1 MONTH)::DATE AS period_start
    FROM series
    JOIN figure
        ON figure.extract = series.extract
        AND figure.series = series.series
        AND figure.sex = series.sex
        AND (series.age IS NULL OR figure.age = series.age)
    JOIN area ON area.area_code = figure.area_code
    ANTI JOIN misnamed ON misnamed.indicator_id = series.indicator_id AND misnamed.extract = figure.extract
        AND misnamed.series = figure.series AND misnamed.published_name IS NOT DISTINCT FROM figure.series_name
),

dated AS (
    SELECT *, (period_start + period.months * INTERVAL 1 MONTH - INTERVAL 1 DAY)::DATE AS period_end
    FROM matched
)

SELECT
    indicator_id,
    area_code,
    {{ period_id('period_type', 'period_start', 'period_end') }} AS period_id,
    period_type,
    period_start,
    period_end,
    period.months AS months,
    sex,
    value, ci95_lower, ci95_upper, ci998_lower, ci998_upper,
    numerator::DOUBLE AS numerator,
    denominator::DOUBLE AS denominator,
    nullif(trim(note), '') AS note,
    extract AS source_extract
FROM dated
QUALIFY row_number() OVER (
    PARTITION BY indicator_id, area_code, period_type, period_start, sex ORDER BY place, age
) = 1
