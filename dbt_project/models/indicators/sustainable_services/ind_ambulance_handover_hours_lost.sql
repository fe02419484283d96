-- Hours of ambulances beyond the limit, by month of arrival. Seconds are added before they become hours.
{% set limit = indicator_parameter('ambulance_handover_hours_lost', 'maximum_minutes') %}
select
    cast(date_trunc('month', arrived_at_hospital) as date) as period_start,
    destination as area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    cast(sum(greatest(handover_seconds - {{ limit }} * 60, 0)) / 3600.0 as decimal(18, 4)) as numerator,
    cast(null as bigint) as denominator
from {{ ref('stg_ambulance__emas_handover') }}
where handover_seconds is not null
group by all
