-- Conveyances with both times, and those handed over within the limit, by month of arrival.
select
    cast(date_trunc('month', arrived_at_hospital) as date) as period_start,
    destination as area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    count(*) filter (
        where handover_seconds <= {{ indicator_parameter('ambulance_handover_15min', 'maximum_minutes') }} * 60
    ) as numerator,
    count(*) as denominator
from {{ ref('stg_ambulance__emas_handover') }}
where handover_seconds is not null
group by all
