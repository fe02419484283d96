-- Grain: indicator × area × period × sex × age band × comparator area. Every published figure beside those of the
-- places it belongs to, as far as these have one: the district, Nottinghamshire, East Midlands, England. Read from
-- published figures only; what is not complete is not compared.
with recursive value as (select * from {{ ref('fct_indicator_value') }} where value is not null and is_complete),

indicator as (select indicator_id, direction, precision from {{ ref('int_indicator') }}),

comparator as (select * from {{ ref('rst_comparator') }}),

belongs as (
    select area_code, parent_code from {{ ref('int_area') }}
    union
    select belongs.area_code, area.parent_code
    from belongs
    join {{ ref('int_area') }} as area on area.area_code = belongs.parent_code
),

compared as (
    select
        value.*, comparator.comparator_area as other_area, comparator.comparator_period as other_period,
        comparator.comparator_value as other_value, value.value - comparator.comparator_value as difference,
        indicator.direction, indicator.precision
    from value
    join indicator on indicator.indicator_id = value.indicator_id
    join comparator
        on comparator.indicator_id = value.indicator_id
        and comparator.area_code = value.area_code
        and comparator.period_id = value.period_id
        and comparator.sex = value.sex
        and comparator.age_band = value.age_band
    join belongs on belongs.area_code = value.area_code and belongs.parent_code = comparator.comparator_area
)

select
    indicator_id, area_code, period_id, sex, age_band,
    other_area as comparator_area,
    other_period as comparator_period,
    other_value as comparator_value,
    {{ published_number('figure', 'difference', 'method', 'precision') }} as difference,
    {{ compared('ci95_lower', 'ci95_upper', 'other_value', 'direction') }} as compared_95,
    {{ compared('ci998_lower', 'ci998_upper', 'other_value', 'direction') }} as compared_998
from compared
