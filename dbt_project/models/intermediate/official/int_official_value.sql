-- Grain: indicator × area × period (type and first day) × sex. Published figures of the same measure as an indicator,
-- as the registry names their series; value and limits as given. A value the publisher hid is NULL, with the note.
with series as (select * from {{ ref('indicator_official_series') }}),

figure as (select * from {{ ref('int_published_figure') }} where period.type <> 'other'),

-- A number under which the publication has another measure: nothing of it is taken.
misnamed as (select * from {{ ref('int_misnamed_series') }}),

area as (select area_code from {{ ref('int_area') }}),

matched as (
    select
        series.indicator_id, series.place, figure.*,
        -- 2017/18 is written for financial, school and survey years alike.
        month(figure.period.start) = 4 and series.years <> 'financial' as is_other_year,
        case when not is_other_year then figure.period.type
            when figure.period.type <> 'financial_year' then figure.period.type
            when series.years = 'school' then 'school_year' else 'rolling_12m' end as period_type,
        (figure.period.start + case when not is_other_year then 0 when series.years = 'school' then 5 else 8 end
            * interval 1 month)::date as period_start
    from series
    join figure
        on figure.extract = series.extract
        and figure.series = series.series
        and figure.sex = series.sex
        and (series.age is null or figure.age = series.age)
    join area on area.area_code = figure.area_code
    anti join misnamed on misnamed.indicator_id = series.indicator_id and misnamed.extract = figure.extract
        and misnamed.series = figure.series and misnamed.published_name is not distinct from figure.series_name
),

dated as (
    select *, (period_start + period.months * interval 1 month - interval 1 day)::date as period_end
    from matched
)

select
    indicator_id,
    area_code,
    {{ period_id('period_type', 'period_start', 'period_end') }} as period_id,
    period_type,
    period_start,
    period_end,
    period.months as months,
    sex,
    value, ci95_lower, ci95_upper, ci998_lower, ci998_upper,
    numerator::double as numerator,
    denominator::double as denominator,
    nullif(trim(note), '') as note,
    extract as source_extract
from dated
qualify row_number() over (
    partition by indicator_id, area_code, period_type, period_start, sex order by place, age
) = 1
