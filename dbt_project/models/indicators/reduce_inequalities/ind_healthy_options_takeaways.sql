-- Awarded takeaways rated 3 or better in target wards, by month of the register. Every month has rows, so that no
-- award is 0 and not missing.
select
    month_start as period_start,
    lsoa11 as area_code,
    cast(null as varchar) as pcn_code,
    cast(null as varchar) as sex,
    cast(null as varchar) as age_band,
    count(*) filter (
        where has_award and rating >= {{ indicator_parameter('healthy_options_takeaways', 'minimum_rating') }}
    ) as numerator,
    cast(null as bigint) as denominator
from {{ ref('int_takeaway_month') }}
where is_in_target_ward
group by all
