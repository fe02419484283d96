-- People aged 65 and over whose frailty index is moderate or severe, and those of them with the diagnosis confirmed and
-- reviewed in the last 12 months, at each snapshot.
select
    cast(date_trunc('month', snapshot_date) as date) as period_start,
    lsoa11 as area_code,
    pcn_code,
    sex,
    {{ age_band('age') }} as age_band,
    count(*) filter (
        -- Moderate and severe frailty.
        where frailty_code in ('925831000000107', '925861000000102')
            and frailty_review_date <= snapshot_date
            and frailty_review_date > snapshot_date
            - interval {{ indicator_parameter('frailty_identified_reviewed', 'maximum_months') }} month
    ) as numerator,
    count(*) as denominator
from {{ ref('int_register') }}
where age >= {{ indicator_parameter('frailty_identified_reviewed', 'minimum_age') }}
    and efi_score > {{ indicator_parameter('frailty_identified_reviewed', 'index_above') }}
group by all
