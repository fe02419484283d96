-- Grain: referral, questionnaire and day.
select
    service_request_key,
    tool,
    score,
    score_date,
    _delivery_id
from {{ current_rows('nhft_iapt', table='scores') }} as scores
