-- Grain: one row per period that lies wholly inside the months for which anything was delivered (is_local), and every
-- other period of a yearly snapshot or of a published figure, however early or late.
with supply as (
    select supply.month_start, indicator.is_yearly, indicator.periods
    from {{ ref('int_indicator_supply') }} as supply
    join {{ ref('int_indicator') }} as indicator on indicator.indicator_id = supply.indicator_id
),

supplied as (select min(month_start) as first_month, max(month_start) as last_month from supply where not is_yearly),

month as (
    select unnest(generate_series(first_month, last_month, interval 1 month))::date as month_start, last_month
    from supplied
),

period as (
    {% for kind in period_types() %}
    select
        '{{ kind.type }}' as period_type,
        {{ kind.months }} as months,
        month_start as period_start,
        true as is_local
    from month
    where month_start + interval {{ kind.months - 1 }} month <= last_month
        {% if kind.starts %}and month(month_start) in ({{ kind.starts | join(', ') }}){% endif %}
    union all
    {% if kind.months == 12 and kind.starts %}
    select '{{ kind.type }}', 12, {{ year_start('month_start', kind.starts[0]) }}, false
    from supply
    where is_yearly and list_contains(periods, '{{ kind.type }}')
    union all
    {% endif %}
    {% endfor %}
    select period_type, months, period_start, false
    from {{ ref('int_official_value') }}
),

known as (
    select
        period_type,
        period_start,
        (period_start + max(months) * interval 1 month - interval 1 day)::date as period_end,
        max(months)::integer as months,
        bool_or(is_local) as is_local
    from period
    group by period_type, period_start
)

select
    {{ period_id('period_type', 'period_start', 'period_end') }} as period_id,
    period_type,
    period_start,
    period_end,
    {{ period_label('period_type', 'period_start', 'period_end') }} as label,
    months,
    case when months >= 12 and period_type <> 'rolling_12m'
        then case month(period_start) when 1 then 'calendar' when 9 then 'school' else 'financial' end end as year_type,
    is_local
from known
