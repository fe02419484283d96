-- Grain: one row per indicator: the published figure that stands for it now, and the one it is compared with.
-- The latest supplied period of the kind the registry names, for the best area that has one; for a gap indicator the
-- gap between wards. A hidden figure stays the latest: an older one in its place would tell an old story. Nothing
-- supplied at all: the district's latest row, whose status says so. A period that is not complete stands for the
-- indicator only where no complete one has been supplied.
with indicator as (select * from {{ ref('dim_indicator') }}),

period as (select * from {{ ref('dim_period') }}),

headline_area as (select * from {{ ref('int_headline_area') }}),

candidate as (
    select
        value.indicator_id, value.area_code, value.period_id, value.value_status, value.value, value.ci95_lower,
        value.ci95_upper, value.provisional, value.comparator_area, value.comparator_period, value.comparator_value,
        value.compared, value.is_complete, value.status_reason, value.method = 'published' as is_published,
        value.confidence_grade, value.confidence_reasons, value.method, value.numerator, value.denominator,
        -- Rounding to the nearest 5 adds the variance of an even spread over 5.
        case when value.policy = 'open' or value.value_status = 'official' then 0 else 25 / 12 end as rounding,
        value.small_base, headline_area.place
    from ({{ main_values('fct_indicator_value') }}) as value
    join headline_area on headline_area.area_code = value.area_code
    join indicator on indicator.indicator_id = value.indicator_id and indicator.headline = 'value'
    union all
    select
        gap.indicator_id, headline_area.area_code, gap.period_id, gap.value_status, gap.gap, gap.gap_ci95_lower,
        gap.gap_ci95_upper, gap.provisional, null, null, null, 'not_compared', gap.is_complete, null, false,
        null, null, 'gap', null, null, 0,
        false, 1
    from {{ ref('fct_inequality') }} as gap
    join headline_area on headline_area.place = 1
    join indicator on indicator.indicator_id = gap.indicator_id and indicator.headline = 'ward_gap'
),

dated as (
    select candidate.*, period.period_type, period.period_start, period.period_end, period.label as period_label
    from candidate
    join period on period.period_id = candidate.period_id
    join indicator
        on indicator.indicator_id = candidate.indicator_id and indicator.headline_period = period.period_type
),

latest as (
    select *
    from dated
    qualify row_number() over (
        partition by indicator_id
        order by value_status in ('not_supplied', 'not_applicable'), not is_complete, place, period_start desc
    ) = 1
),

-- The newest period after it, which is not complete, if there is one.
newer as (
    select dated.indicator_id, dated.period_label, dated.status_reason
    from dated
    join latest using (indicator_id, area_code)
    where dated.period_start > latest.period_start and not dated.is_complete and not dated.is_published
    qualify row_number() over (partition by dated.indicator_id order by dated.period_start desc) = 1
)

select
    latest.* exclude (place, is_published, status_reason),
    newer.period_label as incomplete_period_label,
    newer.status_reason as incomplete_reason,
    earlier.value as previous_value,
    earlier.ci95_lower as previous_lower,
    earlier.ci95_upper as previous_upper,
    earlier.numerator as previous_numerator,
    earlier.denominator as previous_denominator,
    earlier.period_id as previous_period_id,
    earlier.period_label as previous_period_label
from latest
left join dated as earlier
    on earlier.indicator_id = latest.indicator_id
    and earlier.area_code = latest.area_code
    and earlier.period_type = latest.period_type
    and earlier.is_complete and latest.is_complete
    and earlier.period_start + {{ months_between_comparisons('latest.period_type') }} * interval 1 month
        = latest.period_start
left join newer on newer.indicator_id = latest.indicator_id
