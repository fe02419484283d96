-- Grain: indicator × area × period × sex × age band. The published figures. Every expected row is there;
-- value_status says why a figure is missing. Nothing here is read from the exact counts: see rst_released.
with value as (select * from {{ ref('rst_released_value') }}),

indicator as (select indicator_id, comparator_area, direction, short_unit from {{ ref('int_indicator') }}),

confidence as (select * from {{ ref('rst_confidence') }}),

quality as (select * from {{ ref('int_value_quality') }}),

comparator as (select * from {{ ref('rst_comparator') }}),

wanting as (
    select
        value.*,
        -- A published figure is compared with England's, whatever the figures counted here are compared with.
        nullif(case value.method when 'published' then 'E92000001' else indicator.comparator_area end, value.area_code)
            as comparator_area,
        indicator.direction, indicator.short_unit
    from value
    join indicator on indicator.indicator_id = value.indicator_id
),

compared_with as (
    select
        wanting.*,
        confidence.grade as confidence_grade,
        confidence.reasons as confidence_reasons,
        case when quality.spans_change then 'not_comparable' when quality.carried_back then 'carried_back'
            when quality.recast then 'recast' else 'as_is' end as comparability,
        case when wanting.provisional then {{ rounded_by('two_decimals', 'quality.likely_completeness') }} end as likely_completeness,
        -- A missing figure has a comparator of its own period only.
        wanting.value is not null or comparator.comparator_period = wanting.period_id as has_comparator,
        case when has_comparator then comparator.comparator_value end as comparator_value,
        case when has_comparator then comparator.comparator_period end as comparator_period
    from wanting
    left join quality
        on quality.indicator_id = wanting.indicator_id and quality.area_code = wanting.area_code
        and quality.period_id = wanting.period_id
    left join confidence
        on confidence.indicator_id = wanting.indicator_id
        and confidence.area_code = wanting.area_code
        and confidence.period_id = wanting.period_id
        and confidence.sex = wanting.sex
        and confidence.age_band = wanting.age_band
    left join comparator
        on comparator.indicator_id = wanting.indicator_id
        and comparator.area_code = wanting.area_code
        and comparator.period_id = wanting.period_id
        and comparator.sex = wanting.sex
        and comparator.age_band = wanting.age_band
        and comparator.comparator_area = wanting.comparator_area
)

select
    indicator_id, area_code, period_id, sex, age_band, value_status,
    numerator, denominator, value, {{ value_text('value', 'short_unit') }} as value_text, ci95_lower, ci95_upper, ci998_lower, ci998_upper,
    method, comparator_area, comparator_period, comparator_value,
    -- What is not complete is not judged.
    case when is_complete then {{ compared('ci95_lower', 'ci95_upper', 'comparator_value', 'direction') }}
        else 'not_compared' end as compared,
    provisional, is_complete, likely_completeness, status_reason, small_base, confidence_grade, confidence_reasons, comparability, policy,
    '{{ disclosure_rule_version() }}' as rule_version
from compared_with
