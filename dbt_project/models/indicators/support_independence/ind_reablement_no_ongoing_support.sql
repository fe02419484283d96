-- Reablement of new clients with a known sequel, and those of them that led to less support or none, by month of the
-- end.
select
    cast(date_trunc('month', ended_on) as date) as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) filter (where sequel in ('less support', 'no support')) as numerator,
    count(*) as denominator
from {{ ref('int_reablement') }}
where is_new_client and sequel in ('long-term support', 'less support', 'no support')
group by all
