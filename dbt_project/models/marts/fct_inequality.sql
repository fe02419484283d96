-- Grain: indicator × period, for indicators with wards or IMD quintiles. Statistics of the gap only: no ward is
-- named and no count given. Where the wards themselves are not published the gap is in whole units, and the people
-- it stands for to the nearest 5.
WITH ward_gap AS (SELECT * FROM {{ ref('rst_ward_gap') }}),

chance AS (SELECT * FROM {{ ref('rst_chance_gap') }}),

slope AS (SELECT * FROM {{ ref('rst_slope_index') }}),

tested AS (SELECT * EXCLUDE (is_restricted, imd_vintage) RENAME (gap AS slope_gap) FROM {{ ref('rst_gap_change') }}),

period AS (
    SELECT period_id, {{ imd_vintage('period_start', 'period_end') }} AS imd_vintage FROM {{ ref('dim_period') }}
),

inequality AS (
    SELECT
        *,
        value_status = 'shown' AS is_shown,
        CASE WHEN is_restricted THEN 0 ELSE 2 END AS digits,
        CASE WHEN is_restricted THEN 5 ELSE 1 END AS nearest
    FROM ward_gap
    FULL JOIN slope USING (indicator_id, period_id)
    LEFT JOIN chance USING (indicator_id, period_id)
    LEFT JOIN tested USING (indicator_id, period_id)
    JOIN period USING (period_id)
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
    CASE WHEN is_shown THEN round({{ column }}, digits) + 0.0 END AS {{ name }},
    {% endfor %}
    {% for column, name in [('excess_events', 'deprivation_gap_events'), ('change_events', 'gap_change_events'),
        ('change_lower_events', 'gap_change_events_lower'), ('change_upper_events', 'gap_change_events_upper')] %}
    CASE WHEN is_shown THEN nearest * round({{ column }} / nearest) + 0.0 END AS {{ name }},
    {% endfor %}
    CASE WHEN is_shown THEN chance_probability END AS chance_probability,
    CASE WHEN is_shown THEN round(chi_square, 1) END AS heterogeneity_chi_square,
    CASE WHEN is_shown THEN df::INTEGER END AS heterogeneity_df,
    CASE WHEN is_shown THEN round(p_value, 4) END AS heterogeneity_p_value,
    CASE WHEN is_shown THEN heterogeneity_problem END AS heterogeneity_reason,
    coalesce(CASE WHEN is_shown THEN gap_trend END, 'no_earlier_period') AS gap_trend,
    CASE WHEN is_shown THEN earlier_period_id END AS earlier_period_id,
    {% for column in ['sii', 'sii_ci95_lower', 'sii_ci95_upper', 'rii', 'rii_ci95_lower', 'rii_ci95_upper'] %}
    round({{ column }}, 8) AS {{ column }},
    {% endfor %}
    coalesce(provisional, FALSE) AS provisional
FROM inequality
