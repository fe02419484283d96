-- Grain: indicator. One verdict, by a written order: the first that has an answer decides (docs/statistics.md, "One verdict").
with evidence as (select * from {{ ref('rst_evidence') }}),

answered as (
    select
        *,
        case variation when 'improvement' then 'better' when 'concern' then 'worse' when 'common_cause' then 'no_clear_change'
            else 'not_known' end as chart_verdict,
        case gap_answer when 'closing' then 'better' when 'widening' then 'worse' when 'no_clear_change' then gap_answer
            else 'not_known' end as gap_verdict,
        {{ ward_difference() }} as ward_difference
    from evidence
),

decided as (
    select
        *,
        case when value is null then 'none'
            when not is_complete then 'completeness'
            when headline = 'ward_gap' then case gap_verdict when 'not_known' then 'none' else 'trend' end
            when trend_verdict in ('better', 'worse') then 'trend'
            when chart_verdict in ('better', 'worse') then 'control_chart'
            when direction_of_change <> 'not_known' then 'comparison'
            when chart_verdict = 'no_clear_change' then 'control_chart'
            when trend_verdict = 'no_clear_change' then 'trend'
            when target_status in ('met', 'not_met') then 'target'
            else 'none' end as evidence_basis
    from answered
),

found as (
    select
        *,
        case evidence_basis when 'trend' then case headline when 'ward_gap' then gap_verdict else trend_verdict end
            when 'control_chart' then chart_verdict when 'comparison' then direction_of_change
            when 'target' then case target_status when 'met' then 'meets_target' else 'misses_target' end
            else 'cannot_be_told' end as evidence_verdict
    from decided
),

-- That nothing has clearly changed may be said whatever happened; that it is better or worse may not. What happened in the earlier
-- period alone forbids only the comparison with it.
resolved as (
    select
        *,
        evidence_verdict in ('better', 'worse')
            and coalesce(verdict_suspended = 'this_period' or evidence_basis = 'comparison' and verdict_suspended is not null,
                false) as is_suspended,
        case when is_suspended then 'annotation' else evidence_basis end as verdict_basis,
        case when is_suspended then 'cannot_be_told' else evidence_verdict end as verdict
    from found
)

select *, {{ verdict_reason() }} as verdict_reason
from resolved
