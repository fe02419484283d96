-- Grain: indicator × period, for indicators with wards or IMD quintiles. Statistics of the gap only: no ward is
-- named and no count given. Where the wards themselves are not published there is a gap of pooled years only, rounded so
-- far that neither ward nor count follows from it.
with ward_gap as (select * exclude (method) from {{ ref('rst_ward_gap') }}),

chance as (select * from {{ ref('rst_chance_gap') }}),

slope as (select * from {{ ref('rst_slope_index') }}),

tested as (select * exclude (is_restricted, imd_vintage) rename (gap as slope_gap) from {{ ref('rst_gap_change') }}),

closing as (
    select * exclude (verdict, reason, p_value), verdict as closing_verdict, reason as closing_reason, p_value as closing_p
    from {{ ref('rst_gap_answer') }}
),

period as (
    select period_id, {{ imd_vintage('period_start', 'period_end') }} as imd_vintage from {{ ref('dim_period') }}
),

indicator as (select indicator_id, method from {{ ref('int_indicator') }}),

inequality as (
    select
        *,
        value_status = 'shown' as is_shown,
        -- Figures by ward that are not summed up by a gap here have no status: their wards are published.
        coalesce(is_shown, true) and closing_verdict is not null as is_answered
    from ward_gap
    full join slope using (indicator_id, period_id)
    left join chance using (indicator_id, period_id)
    left join tested using (indicator_id, period_id)
    left join closing using (indicator_id, period_id)
    join period using (period_id)
    join indicator using (indicator_id)
)

select
    indicator_id,
    period_id,
    coalesce(value_status, 'not_applicable') as value_status,
    wards::integer as wards,
    imd_vintage::integer as imd_vintage,
    {% for column, name in [('gap', 'gap'), ('lower', 'gap_ci95_lower'), ('upper', 'gap_ci95_upper'),
        ('gap_by_chance', 'gap_by_chance'), ('gap_by_chance_lower', 'gap_by_chance_lower'),
        ('gap_by_chance_upper', 'gap_by_chance_upper'), ('slope_gap', 'deprivation_gap'),
        ('gap_lower', 'deprivation_gap_ci95_lower'), ('gap_upper', 'deprivation_gap_ci95_upper'),
        ('change', 'gap_change'), ('change_lower', 'gap_change_ci95_lower'), ('change_upper', 'gap_change_ci95_upper')] %}
    case when is_shown then {{ published_number('deprivation_gap' if 'deprivation' in name or 'change' in name else 'ward_gap', column, 'method') }} end as {{ name }},
    {% endfor %}
    {% for column, name in [('excess_events', 'deprivation_gap_events'), ('change_events', 'gap_change_events'),
        ('change_lower_events', 'gap_change_events_lower'), ('change_upper_events', 'gap_change_events_upper')] %}
    case when is_shown then {{ published_number('gap_events', column, 'method') }} end as {{ name }},
    {% endfor %}
    case when is_shown then {{ published_number('p_value', 'chance_probability', 'method') }} end as chance_probability,
    case when is_shown then {{ published_number('chi_square', 'chi_square', 'method') }} end as heterogeneity_chi_square,
    case when is_shown then df::integer end as heterogeneity_df,
    case when is_shown then {{ published_number('p_value', 'p_value', 'method') }} end as heterogeneity_p_value,
    case when is_shown then heterogeneity_problem end as heterogeneity_reason,
    coalesce(case when is_shown then gap_trend end, 'no_earlier_period') as gap_trend,
    case when is_shown then earlier_period_id end as earlier_period_id,
    -- A claim is made from what is published: not where the rounded interval holds no change.
    case when not is_answered then 'cannot_be_told'
        when closing_verdict in ('closing', 'widening')
            and {{ published_number('gap_per_year', 'change_per_year_lower', 'method') }} <= 0
            and {{ published_number('gap_per_year', 'change_per_year_upper', 'method') }} >= 0
            then 'no_clear_change'
        else closing_verdict end as gap_closing,
    case when is_answered then closing_reason else 'no counts by ward and year' end as gap_closing_reason,
    case when is_answered then years end as gap_closing_years,
    {% for name in ['change_per_year', 'change_per_year_lower', 'change_per_year_upper'] %}
    case when is_answered then {{ published_number('gap_per_year', name, 'method') }} end
        as gap_{{ name | replace('year_', 'year_ci95_') }},
    {% endfor %}
    case when is_answered then {{ published_number('p_value', 'closing_p', 'method') }} end as gap_change_per_year_p_value,
    case when is_answered and closing_reason is null then 'Poisson regression of counts by ward and year' end
        as gap_closing_method,
    case when is_answered and closing_reason is null then array_to_string(list_transform(pool_gaps, lambda x, i:
        {{ pool_label('pool_starts[i]') }} || ': ' || (5 * round(x / 5))::bigint), '; ') end as gap_by_three_years,
    {% for column in ['sii', 'sii_ci95_lower', 'sii_ci95_upper', 'rii', 'rii_ci95_lower', 'rii_ci95_upper'] %}
    {{ published_number('figure', column, 'method') if column.startswith('sii') else rounded_by('two_decimals', column) }} as {{ column }},
    {% endfor %}
    coalesce(provisional, false) as provisional,
    coalesce(is_complete, sii is not null) as is_complete
from inequality
