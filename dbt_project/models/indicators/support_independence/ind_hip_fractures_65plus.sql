-- Emergency admissions at 65 and over for a hip fracture, by month of admission. A person counts again only when more
-- than 30 days have passed since the last such admission; a spell without a usable NHS number counts by itself.
with

fractures as (
    select
        *,
        lag(admission_date) over (
            partition by coalesce(person_key, spell_key) order by admission_date, spell_key
        ) as admitted_before
    from {{ ref('int_admission_spell') }}
    where is_emergency and is_hip_fracture
        and age >= {{ indicator_parameter('hip_fractures_65plus', 'minimum_age') }}
)

select
    month_start as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) as numerator,
    cast(null as bigint) as denominator
from fractures
where admitted_before is null
    or admission_date - admitted_before > {{ indicator_parameter('hip_fractures_65plus', 'days_apart') }}
group by all
