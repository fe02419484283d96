-- Grain: stage of a cancer pathway: the first appointment (no treatment event) or a treatment. A stage that came again
-- in the file of a later month counts as it was sent last. Waits are days less both adjustments.
with

stages as (select * from {{ ref('stg_hospital__dbth_cwt') }}),

practices as (select * from {{ ref('gp_practice') }}),

latest as (
    select
        *,
        coalesce(wait_adj_first_seen, 0) as adjusted_first,
        coalesce(wait_adj_first_seen, 0) + coalesce(wait_adj_treatment, 0) as adjusted
    from stages
    qualify row_number() over (
        partition by pathway_key, ppi_issuer, treatment_event order by _delivery_id desc
    ) = 1
)

select
    latest.pathway_key,
    latest.ppi_issuer,
    latest.treatment_event,
    practices.practice_code,
    practices.pcn_code,
    latest.tww_type,
    coalesce(latest.priority_type = '3', false) as is_urgent_referral,
    latest.date_first_seen,
    latest.fdp_end_date,
    latest.fdp_end_reason,
    latest.treatment_start,
    latest.date_first_seen - latest.crtp_start - latest.adjusted_first as days_to_first_seen,
    latest.fdp_end_date - latest.crtp_start - latest.adjusted_first as days_to_diagnosis,
    latest.treatment_start - latest.crtp_start - latest.adjusted as days_to_treatment
from latest
left join practices on latest.gp_practice = practices.practice_code
