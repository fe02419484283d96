-- Grain: one row per value. What may be published of it: value and intervals calculated from the counts as they are
-- shown, so they say no more than the counts do, and rounded to the precision of their method. Everything published is
-- made from this. A total of money at unit prices is made of the figures as shown, and hidden with any of them.
{%- set columns = ['value', 'ci95_lower', 'ci95_upper', 'ci998_lower', 'ci998_upper'] %}
with priced as (select * from {{ ref('rst_priced_total') }}),

released as (
    select released.* replace (
        {% set is_priced = "released.indicator_id in ('" ~ priced_totals().keys() | join("', '") ~ "') and has_value" -%}
        case when {{ is_priced }} then priced.amount else numerator end as numerator,
        case when {{ is_priced }} and amount is null then 'suppressed_secondary' else value_status end as value_status,
        case when {{ is_priced }} and amount is null then 'would reveal a small number elsewhere'
            else status_reason end as status_reason,
        has_value and not ({{ is_priced }} and amount is null) as has_value
    )
    from {{ ref('rst_released') }} as released
    left join priced using (indicator_id, area_code, period_id, sex, age_band)
),

repeated as (
    select repeated.indicator_id, period.period_id, repeated.dispersion
    from {{ ref('int_event_dispersion') }} as repeated
    join {{ ref('int_period') }} as period on period.months = repeated.months
),

indicator as (select indicator_id, precision from {{ ref('int_indicator') }}),

calculated as (
    select
        released.*,
        {{ value_by_method('method', 'numerator', 'denominator', 'multiplier') }}::double as value,
        {{ limit_columns('method', 'numerator', 'denominator', 'multiplier', 'coalesce(dispersion, 1)') }}
    from released
    left join repeated using (indicator_id, period_id)
),

visible as (
    select
        calculated.* exclude ({{ columns | join(', ') }}),
        indicator.precision,
        {% for column in columns %}
        case when has_value then coalesce(carried_{{ column }}, {{ column }}) end as {{ column }} {{- ',' if not loop.last }}
        {% endfor %}
    from calculated
    join indicator on indicator.indicator_id = calculated.indicator_id
)

select
    indicator_id, area_code, period_id, sex, age_band, method, multiplier, precision, value_status, status_reason,
    case method when 'total' then {{ published_number('figure', 'numerator', 'method', 'precision') }}
        else {{ rounded_by('whole', 'numerator') }} end as numerator,
    {{ rounded_by('two_decimals', 'denominator') }} as denominator,
    provisional, is_complete, policy,
    {% for column in columns %}
    {{ published_number('figure', column, 'method', 'precision', events='numerator') }} as {{ column }},
    {% endfor %}
    coalesce(method = 'proportion' and denominator - {{ rounding_slack('denominator', 'policy') }} < 50, false)
        as small_base
from visible
