-- People with a patient activation score in the quarter; a person counts once a quarter, where the last score was.
with

measurements as (
    select *, cast(date_trunc('quarter', measured_on) as date) as quarter_start
    from {{ ref('int_pam_measurement') }}
    qualify row_number() over (
        partition by person_or_case_key, quarter_start order by measured_on desc
    ) = 1
)

select
    quarter_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from measurements
group by all
