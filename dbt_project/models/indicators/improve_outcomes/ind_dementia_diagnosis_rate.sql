-- People aged 65 and over on the dementia register, and those who would be expected to have dementia, by practice at
-- each snapshot. People whose sex is not known count on neither side, as no rate applies to them.
select
    cast(date_trunc('month', register.snapshot_date) as date) as period_start,
    register.gp_practice as area_code,
    register.pcn_code,
    register.sex,
    {{ age_band('register.age') }} as age_band,
    count(*) filter (where register.has_dementia) as numerator,
    sum(rates.per_cent) / 100 as denominator
from {{ ref('int_register') }} as register
inner join {{ ref('cfas2_dementia_prevalence') }} as rates
    on register.sex = rates.sex and register.age between rates.age_from and rates.age_to
where register.gp_practice is not null
    and register.age >= {{ indicator_parameter('dementia_diagnosis_rate', 'minimum_age') }}
group by all
