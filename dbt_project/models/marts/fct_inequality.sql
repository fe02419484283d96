-- Grain: indicator × period, for indicators with wards or IMD quintiles. Statistics of the gap only: no ward is
-- named and no count given. Where the wards themselves are not published there is a gap of pooled years only, rounded so
-- far that neither ward nor count follows from it.
WITH ward_gap AS (SELECT * EXCLUDE (method) FROM {{ ref('rst_ward_gap') }}),

chance AS (SELECT * FROM {{ ref('rst_chance_gap') }}),

slope AS (SELECT * FROM {{ ref('rst_slope_index') }}),

tested AS (SELECT * EXCLUDE (is_restricted, imd_vintage) RENAME (gap AS slope_gap) FROM {{ ref('rst_gap_change') }}),

closing AS (
    SELECT * EXCLUDE (verdict, reason, p_value), verdict AS closing_verdict, reason AS closing_reason, p_value AS closing_p
    FROM {{ ref('rst_gap_answer') }}
),

period AS (
    SELECT period_id, {{ imd_vintage('period_start', 'period_end') }} AS imd_vintage FROM {{ ref('dim_period') }}
),

indicator AS (SELECT indicator_id, method FROM {{ ref('int_indicator') }}),

inequality AS (
    SELECT
        *,
        value_status = 'shown' AS is_shown,
        -- Figures by ward that are not summed up by a gap here have no status: their wards are published.
        coalesce(is_shown, TRUE) AND closing_verdict IS NOT NULL AS is_answered
    FROM ward_gap
    FULL JOIN slope USING (indicator_id, period_id)
    LEFT JOIN chance USING (indicator_id, period_id)
    LEFT JOIN tested USING (indicator_id, period_id)
    LEFT JOIN closing USING (indicator_id, period_id)
    JOIN period USING (period_id)
    JOIN indicator USING (indicator_id)
)

SELECT
    indicator_id,
    period_id,
    coalesce(value_status, 'not_applicable') AS value_status,
    wards::INTEGER AS wards,
    imd_vintage::INTEGER AS imd_vintage,
    {% for column, name in [('gap', 'gap'), ('lower', 'gap_ci95_lower'), ('upper', 'gap_ci95_upper'),
        ('gap_by_chance', 'gap_by_chance'), ('gap_by_chance_lower', 'gap_by_chance_lower'),
        ('gap_by_chance_upper', 'gap_by_chance_upper'), ('slope_gap', 'deprivation_gap'),
        ('gap_lower', 'deprivation_gap_ci95_lower'), ('gap_upper', 'deprivation_gap_ci95_upper'),
        ('change', 'gap_change'), ('change_lower', 'gap_change_ci95_lower'), ('change_upper', 'gap_change_ci95_upper')] %}
    CASE WHEN is_shown THEN {{ published_number('deprivation_gap' if 'deprivation' in name or 'change' in name else 'ward_gap', column, 'method') }} END AS {{ name }},
    {% endfor %}
    {% for column, name in [('excess_events', 'deprivation_gap_events'), ('change_events', 'gap_change_events'),
        ('change_lower_events', 'gap_change_events_lower'), ('change_upper_events', 'gap_change_events_upper')] %}
    CASE WHEN is_shown THEN {{ published_number('gap_events', column, 'method') }} END AS {{ name }},
    {% endfor %}
    CASE WHEN is_shown THEN {{ published_number('p_value', 'chance_probability', 'method') }} END AS chance_probability,
    CASE WHEN is_shown THEN {{ published_number('chi_square', 'chi_square', 'method') }} END AS heterogeneity_chi_square,
    CASE WHEN is_shown THEN df::INTEGER END AS heterogeneity_df,
    CASE WHEN is_shown THEN {{ published_number('p_value', 'p_value', 'method') }} END AS heterogeneity_p_value,
    CASE WHEN is_shown THEN heterogeneity_problem END AS heterogeneity_reason,
    coalesce(CASE WHEN is_shown THEN gap_trend END, 'no_earlier_period') AS gap_trend,
    CASE WHEN is_shown THEN earlier_period_id END AS earlier_period_id,
    -- A claim is made from what is published: not where the rounded interval holds no change.
    CASE WHEN NOT is_answered THEN 'cannot_be_told'
        WHEN closing_verdict IN ('closing', 'widening')
            AND {{ published_number('gap_per_year', 'change_per_year_lower', 'method') }} <= 0
            AND {{ published_number('gap_per_year', 'change_per_year_upper', 'method') }} >= 0
            THEN 'no_clear_change'
        ELSE closing_verdict END AS gap_closing,
    CASE WHEN is_answered THEN closing_reason ELSE 'no counts by ward and year' END AS gap_closing_reason,
    CASE WHEN is_answered THEN years END AS gap_closing_years,
    {% for name in ['change_per_year', 'change_per_year_lower', 'change_per_year_upper'] %}
    CASE WHEN is_answered THEN {{ published_number('gap_per_year', name, 'method') }} END
        AS gap_{{ name | replace('year_', 'year_ci95_') }},
    {% endfor %}
    CASE WHEN is_answered THEN {{ published_number('p_value', 'closing_p', 'method') }} END AS gap_change_per_year_p_value,
    CASE WHEN is_answered AND closing_reason IS NULL THEN 'Poisson regression of counts by ward and year' END
        AS gap_closing_method,
    CASE WHEN is_answered AND closing_reason IS NULL THEN array_to_string(list_transform(pool_gaps, lambda x, i:
        {{ pool_label('pool_starts[i]') }} || ': ' || (5 * round(x / 5))::BIGINT), '; ') END AS gap_by_three_years,
    {% for column in ['sii', 'sii_ci95_lower', 'sii_ci95_upper', 'rii', 'rii_ci95_lower', 'rii_ci95_upper'] %}
    {{ published_number('figure', column, 'method') if column.startswith('sii') else rounded_by('two_decimals', column) }} AS {{ column }},
    {% endfor %}
    coalesce(provisional, FALSE) AS provisional,
    coalesce(is_complete, sii IS NOT NULL) AS is_complete
FROM inequality
