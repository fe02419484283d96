-- Grain: indicator × area × period (month or quarter) of a series that has a control chart (dim_chart). Published values only, and
-- of periods that are complete.
-- What level, line and season explain is taken off, the rest is charted as NHS "Making Data Count" does (XmR), and the limits
-- are put back where the value stands.
with chart as (select * from {{ ref('rst_chart') }} where chart_type not in ('none', 'g')),

point as (
    select
        level.*, chart.chart_type, chart.points,
        level.line + {{ seasonal_part('level', 'season') }} as expected,
        level.judged - level.line - {{ seasonal_part('level', 'season') }} as rest,
        coalesce(level.phase > lag(level.phase) over (
            partition by {{ prefixed('level', chart_series()) }} order by level.period_start), false) as is_rebased
    from {{ ref('rst_chart_level') }} as level
    join chart using ({{ chart_series() | join(', ') }})
    left join {{ ref('rst_chart_season') }} as season
        on {% for column in chart_series() %}season.{{ column }} = level.{{ column }} and {% endfor %}
        season.season = level.place % case level.period_type when 'month' then 12 else 4 end
),

charted as (
    {{ spc_xmr('point', series=chart_series(), value='rest', direction='better_when', rebase='is_rebased',
               baseline='is_baseline', keep_width=true) }}
),

limited as (
    select
        * replace (
            {{ within_possible('mean + expected') }} as mean,
            {{ within_possible('lower_limit + expected') }} as lower_limit,
            {{ within_possible('upper_limit + expected') }} as upper_limit
        ),
        min(period_start) over (partition by {{ chart_series() | join(', ') }}, rebase_group) as usual_since
    from charted
    union all by name
    select * from {{ ref('rst_rare_event') }}
)

select
    indicator_id, area_code, period_id, period_type, period_start, value,
    {% for column in ['mean', 'lower_limit', 'upper_limit'] -%}
    {{ published_number('average', column, 'method', 'precision') }} as {{ column }},
    {% endfor -%}
    chart_type, usual_since,
    case special_cause when 'Common Cause' then 'none' else special_cause end as special_cause,
    {{ chart_variation() }} as variation,
    case {{ spc_assurance('target_value', 'lower_limit', 'upper_limit', 'better_when') }}
        when 'consistent_pass' then 'pass' when 'consistent_fail' then 'fail' when 'inconsistent' then 'hit_or_miss'
        else 'none' end as assurance,
    target_value as target,
    points::integer as points
from limited
where judged is not null and mean is not null
