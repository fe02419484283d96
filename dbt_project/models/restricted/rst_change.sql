-- Grain: indicator. The figure that stands for it against the earlier one, by a test of the published counts and limits.
-- A gap between wards has tests of its own in fct_inequality.
WITH headline AS (SELECT * FROM {{ ref('rst_headline') }}),

indicator AS (SELECT indicator_id, direction, headline, independent_events FROM {{ ref('int_indicator') }}),

compared AS (
    SELECT headline.*, indicator.direction, indicator.independent_events AND indicator.headline = 'value' AS independent_events
    FROM headline
    JOIN indicator ON indicator.indicator_id = headline.indicator_id
),

tested AS (
    SELECT
        indicator_id, direction,
        value - previous_value AS change,
        {{ change_test('compared') }} AS change_test,
        {{ change_z('compared') }} AS z
    FROM compared
)

SELECT
    indicator_id, change, change_test,
    round({{ change_p_value('z') }}, 4) AS change_p_value,
    CASE WHEN change IS NULL OR z IS NULL THEN 'not_known'
        WHEN {{ change_p_value('z') }} >= 0.05 THEN 'no_clear_change'
        WHEN (z > 0) = (direction = 'up') THEN 'better'
        ELSE 'worse' END AS direction_of_change
FROM tested
