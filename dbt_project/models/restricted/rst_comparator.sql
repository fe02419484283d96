-- Grain: one row per value and area it may be compared with, where that area has a figure: of the same days. A
-- financial year and the twelve months to its end are the same days; an earlier period is none, however near.
-- Read from what is published only. A figure counted here that the registry compares within the district measures
-- something else than published figures do, so it is never set against one.
with value as (
    select released.*, period.months, period.period_end
    from {{ ref('rst_released_value') }} as released
    join {{ ref('int_period') }} as period on period.period_id = released.period_id
),

reference as (
    select coalesce(bool_and(basis = 'delivered'), false) as is_delivered from {{ ref('int_reference_rate') }}
),

indicator as (select indicator_id, comparator_area from {{ ref('int_indicator') }}),

area as (select area_code, area_type from {{ ref('int_area') }}),

comparator as (
    select area_code as comparator_area, area_type as comparator_type
    from area
    where area_type in ('country', 'region', 'county', 'district')
),

-- Of two official figures of the same days, always the same.
official as (
    select * from value where value_status = 'official'
    qualify row_number() over (
        partition by indicator_id, area_code, sex, age_band, months, period_end order by period_id) = 1
),

wanting as (
    select
        value.*,
        comparator.comparator_area,
        value.method = 'published'
            or indicator.comparator_area is distinct from '{{ var('district_code') }}' as theirs_measure_the_same,
        -- A standardised ratio is a comparison with its reference population already: England is 100, if the rates are
        -- England's and not invented ones.
        case when value.method = 'smr' and comparator.comparator_type = 'country' and reference.is_delivered
            then value.multiplier end
            as reference_value
    from value
    join indicator on indicator.indicator_id = value.indicator_id
    join comparator on comparator.comparator_area <> value.area_code
    cross join reference
),

found as (
    select
        wanting.*,
        coalesce(case when wanting.theirs_measure_the_same or same.method <> 'published' then same.value end,
            wanting.reference_value) as same_value,
        coalesce(same_value, case when wanting.theirs_measure_the_same or alike.method <> 'published'
            then alike.value end) as comparator_value,
        case when same_value is null then alike.period_id else wanting.period_id end as comparator_period
    from wanting
    left join value as same
        on same.indicator_id = wanting.indicator_id
        and same.period_id = wanting.period_id
        and same.sex = wanting.sex
        and same.age_band = wanting.age_band
        and same.area_code = wanting.comparator_area
    left join official as alike
        on alike.indicator_id = wanting.indicator_id
        and alike.area_code = wanting.comparator_area
        and alike.sex = wanting.sex
        and alike.age_band = wanting.age_band
        and alike.months = wanting.months
        and alike.period_end = wanting.period_end
)

select
    indicator_id, area_code, period_id, sex, age_band, comparator_area, comparator_value, comparator_period
from found
where comparator_value is not null
