-- Grain: indicator × area × period of the kind the registry headlines, for indicators with a target. Where the figure
-- stands against the target and against the straight line towards it, and whether the target is likely to be met. Only complete figures.
with value as ({{ main_values('fct_indicator_value') }}),

period as (select * from {{ ref('dim_period') }}),

indicator as (
    select indicator_id, direction, headline_period, target_value, target_date, method, precision
    from {{ ref('dim_indicator') }}
    where target_value is not null and headline = 'value'
),

spc as (select indicator_id, area_code, period_id, assurance from {{ ref('fct_indicator_spc') }}),

trend as (select * from {{ ref('fct_indicator_trend') }}),

dated as (
    select
        value.indicator_id, value.area_code, value.period_id, value.value, value.ci95_lower, value.ci95_upper,
        value.provisional, period.period_type, period.period_end, indicator.* exclude (indicator_id, headline_period),
        first_value(value.value) over series as first_shown,
        first_value(period.period_end) over series as first_end
    from value
    join period on period.period_id = value.period_id
    join indicator
        on indicator.indicator_id = value.indicator_id and indicator.headline_period = period.period_type
    where value.value is not null and value.is_complete
    window series as (partition by value.indicator_id, value.area_code order by period.period_end)
),

projected as (
    select
        dated.*, spc.assurance,
        {{ trajectory('dated') }} as trajectory_value,
        {{ projection('dated', 'trend') }} as projected_value,
        {{ projection_margin('dated', 'trend') }} as projected_margin
    from dated
    left join spc using (indicator_id, area_code, period_id)
    left join trend using (indicator_id, area_code, period_id)
)

select
    indicator_id, area_code, period_id, value, target_value, target_date,
    {{ target_status('value', 'ci95_lower', 'ci95_upper', 'target_value', 'direction') }} as target_status,
    {{ published_number('figure', 'trajectory_value', 'method', 'precision') }} as trajectory_value,
    case when trajectory_value is not null then
        {{ target_status('value', 'ci95_lower', 'ci95_upper', 'trajectory_value', 'direction') }} end
        as trajectory_status,
    {{ published_number('figure', 'projected_value', 'method', 'precision') }} as projected_value,
    {{ target_likelihood() }} as likelihood,
    provisional
from projected
