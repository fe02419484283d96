-- Grain: provider × month. All department types together, booked attendances included, which are counted apart since
-- August 2020 only.
select
    period as period_start,
    org_code as provider,
    type1_attendances + type2_attendances + other_attendances
        + case when period < date '2020-08-01' then 0 else type1_booked + type2_booked + other_booked end as attendances,
    type1_over_4h + type2_over_4h + other_over_4h
        + case when period < date '2020-08-01' then 0
            else type1_booked_over_4h + type2_booked_over_4h + other_booked_over_4h end as attendances_over_4h,
    _delivery_id
from {{ current_rows('nhse_ae_monthly') }} as providers
