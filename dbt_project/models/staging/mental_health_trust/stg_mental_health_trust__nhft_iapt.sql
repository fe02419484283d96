-- Grain: referral.
select
    person_key,
    age,
    {{ sex_label('sex') }} as sex,
    ethnic_category,
    lsoa11,
    gp_practice,
    service_request_key,
    referral_date,
    source_of_referral,
    presenting_complaint,
    ltc,
    employment_status,
    employment_status_date,
    sickness_absence,
    emp_support_referral_date,
    discharge_date,
    discharge_reason,
    _delivery_id
from {{ current_rows('nhft_iapt') }} as referrals
