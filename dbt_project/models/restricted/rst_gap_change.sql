-- Grain: one row per indicator and period with wards: is the deprivation gap closing? The gap against that of the
-- latest period of the same kind that shares no month with this one, in the same season, by the same index of deprivation.
WITH period AS (SELECT period_id, period_type, period_start FROM {{ ref('dim_period') }}),

gap AS (
    SELECT gap.*, period.period_type, period.period_start
    FROM {{ ref('rst_deprivation_gap') }} AS gap
    JOIN period ON period.period_id = gap.period_id
),

compared AS (
    {%- set two_gaps = ['earlier.gap', 'earlier.gap_se', 'gap.gap', 'gap.gap_se'] %}
    SELECT
        gap.*,
        earlier.period_id AS earlier_period_id,
        {{ gap_change_verdict(*two_gaps) }} AS verdict,
        {{ gap_change_value(*two_gaps) }} AS change,
        {{ gap_change_lower(*two_gaps) }} AS change_lower,
        {{ gap_change_upper(*two_gaps) }} AS change_upper
    FROM gap
    LEFT JOIN gap AS earlier
        ON earlier.indicator_id = gap.indicator_id
        AND earlier.period_type = gap.period_type
        AND earlier.imd_vintage = gap.imd_vintage
        AND earlier.gap IS NOT NULL
        AND gap.gap IS NOT NULL
        AND earlier.period_start + {{ months_between_comparisons('gap.period_type') }} * INTERVAL 1 MONTH
            = gap.period_start
    WHERE gap.is_own_index
)

SELECT
    * EXCLUDE (period_type, period_start, gap_se, is_own_index),
    coalesce(verdict, 'no_earlier_period') AS gap_trend,
    {% for column in ['change', 'change_lower', 'change_upper'] %}
    {{ gap_change_events(column, 'expected', 'multiplier') }} AS {{ column }}_events {{- ',' if not loop.last }}
    {% endfor %}
FROM compared
