-- Grain: referral, team and contact in one month.
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
    response_priority,
    reason,
    team_type,
    care_contact_key,
    contact_date,
    contact_date + contact_time as contacted_at,
    medium,
    attended,
    site,
    closure_reason,
    _delivery_id
from {{ current_rows('nhft_mh_contacts') }} as contacts
