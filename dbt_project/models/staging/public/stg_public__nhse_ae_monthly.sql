-- Grain: provider × month. All department types together, booked attendances included.
select
    period as period_start,
    org_code as provider,
    type1_attendances + type2_attendances + other_attendances
        + type1_booked + type2_booked + other_booked as attendances,
    type1_over_4h + type2_over_4h + other_over_4h
        + type1_booked_over_4h + type2_booked_over_4h + other_booked_over_4h as attendances_over_4h,
    _delivery_id
from {{ current_rows('nhse_ae_monthly') }} as providers
