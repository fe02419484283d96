-- All takeaways of target wards, and those with an award and a rating of 3 or better, by month of the register.
select
    month_start as period_start,
    lsoa11 as area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    count(*) filter (
        where has_award and rating >= {{ indicator_parameter('healthy_options_takeaways_share', 'minimum_rating') }}
    ) as numerator,
    count(*) as denominator
from {{ ref('int_takeaway_month') }}
where is_in_target_ward
group by all
