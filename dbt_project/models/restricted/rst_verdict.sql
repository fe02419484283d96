-- Grain: indicator. One verdict, by a written order: the first that has an answer decides (docs/statistics.md, "One verdict").
WITH evidence AS (SELECT * FROM {{ ref('rst_evidence') }}),

answered AS (
    SELECT
        *,
        CASE variation WHEN 'improvement' THEN 'better' WHEN 'concern' THEN 'worse' WHEN 'common_cause' THEN 'no_clear_change'
            ELSE 'not_known' END AS chart_verdict,
        CASE gap_answer WHEN 'closing' THEN 'better' WHEN 'widening' THEN 'worse' WHEN 'no_clear_change' THEN gap_answer
            ELSE 'not_known' END AS gap_verdict,
        {{ ward_difference() }} AS ward_difference
    FROM evidence
),

decided AS (
    SELECT
        *,
        CASE WHEN value IS NULL THEN 'none'
            WHEN NOT is_complete THEN 'completeness'
            WHEN headline = 'ward_gap' THEN CASE gap_verdict WHEN 'not_known' THEN 'none' ELSE 'trend' END
            WHEN trend_verdict IN ('better', 'worse') THEN 'trend'
            WHEN chart_verdict IN ('better', 'worse') THEN 'control_chart'
            WHEN direction_of_change <> 'not_known' THEN 'comparison'
            WHEN chart_verdict = 'no_clear_change' THEN 'control_chart'
            WHEN trend_verdict = 'no_clear_change' THEN 'trend'
            WHEN target_status IN ('met', 'not_met') THEN 'target'
            ELSE 'none' END AS evidence_basis
    FROM answered
),

found AS (
    SELECT
        *,
        CASE evidence_basis WHEN 'trend' THEN CASE headline WHEN 'ward_gap' THEN gap_verdict ELSE trend_verdict END
            WHEN 'control_chart' THEN chart_verdict WHEN 'comparison' THEN direction_of_change
            WHEN 'target' THEN CASE target_status WHEN 'met' THEN 'meets_target' ELSE 'misses_target' END
            ELSE 'cannot_be_told' END AS evidence_verdict
    FROM decided
),

-- That nothing has clearly changed may be said whatever happened; that it is better or worse may not. What happened in the earlier
-- period alone forbids only the comparison with it.
resolved AS (
    SELECT
        *,
        evidence_verdict IN ('better', 'worse')
            AND coalesce(verdict_suspended = 'this_period' OR evidence_basis = 'comparison' AND verdict_suspended IS NOT NULL,
                FALSE) AS is_suspended,
        CASE WHEN is_suspended THEN 'annotation' ELSE evidence_basis END AS verdict_basis,
        CASE WHEN is_suspended THEN 'cannot_be_told' ELSE evidence_verdict END AS verdict
    FROM found
)

SELECT *, {{ verdict_reason() }} AS verdict_reason
FROM resolved
