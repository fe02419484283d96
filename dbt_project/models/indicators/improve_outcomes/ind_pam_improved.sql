-- People with a pair of activation scores, and those who improved, by month of the last score.
select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) filter (
        where gain >= {{ indicator_parameter('pam_improved', 'minimum_gain') }} or levels_gained > 0
    ) as numerator,
    count(*) as denominator
from {{ ref('int_pam_pair') }}
group by all
