-- Grain: contact, else referral without contact, in one month.
select
    person_key,
    age,
    {{ sex_label('sex') }} as sex,
    lsoa11,
    gp_practice,
    service_request_key,
    referral_date,
    referral_date + referral_time as referred_at,
    source_of_referral,
    priority,
    reason,
    team_type,
    referral_closure_date,
    closure_reason,
    care_contact_key,
    contact_date,
    contact_date + contact_time as contacted_at,
    medium,
    attended,
    care_home_resident,
    _delivery_id
from {{ current_rows('nhft_community') }} as contacts
