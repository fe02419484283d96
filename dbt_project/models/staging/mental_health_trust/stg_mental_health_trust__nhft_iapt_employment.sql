-- Grain: referral and day on which an employment status was recorded, from all deliveries received; where one day was
-- sent with two statuses, the newest delivery counts.
select service_request_key, employment_status, employment_status_date
from ({{ corrected_rows(received_rows('nhft_iapt'), 'nhft_iapt') }}) as referrals
where employment_status is not null and employment_status_date is not null
qualify row_number() over (
    partition by service_request_key, employment_status_date
    order by _revision_rank desc, _received_at desc, _file_sha256 desc, _row_number desc
) = 1
