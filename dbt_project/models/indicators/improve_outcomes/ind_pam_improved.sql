-- People with a pair of activation scores, each once in a period, and those whose last pair in it shows an improvement.
with

last_pairs as (
    {{ once_per_period('pam_improved', ref('int_pam_pair'), 'person_or_case_key') | indent(4) }}
)

select
    period_type,
    period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    age_band,
    count(*) filter (
        where gain >= {{ indicator_parameter('pam_improved', 'minimum_gain') }} or levels_gained > 0
    ) as numerator,
    count(*) as denominator
from last_pairs
group by all
