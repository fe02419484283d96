-- People on the dementia register, and those whose care plan was reviewed in the last 12 months, at each snapshot.
select
    cast(date_trunc('month', snapshot_date) as date) as period_start,
    gp_practice as area_code,
    pcn_code,
    sex,
    {{ age_band('age') }} as age_band,
    count(*) filter (
        where dementia_review_date <= snapshot_date
            and dementia_review_date > snapshot_date
            - interval {{ indicator_parameter('dementia_care_plan_review', 'maximum_months') }} month
    ) as numerator,
    count(*) as denominator
from {{ ref('int_register') }}
where has_dementia and gp_practice is not null
group by all
