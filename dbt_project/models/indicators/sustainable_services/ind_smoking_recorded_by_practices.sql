-- Current smokers among registered adults whose status was recorded in the last 24 months, at each snapshot.
select
    cast(date_trunc('month', snapshot_date) as date) as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    {{ age_band('age') }} as age_band,
    count(*) filter (where smoking_status_code = '1') as numerator,
    count(*) as denominator
from {{ ref('int_register') }}
where age >= {{ indicator_parameter('smoking_recorded_by_practices', 'minimum_age') }}
    and smoking_status_code in ('1', '2', '3', '4')
    and smoking_status_date > snapshot_date
        - interval {{ indicator_parameter('smoking_recorded_by_practices', 'maximum_months') }} month
group by all
