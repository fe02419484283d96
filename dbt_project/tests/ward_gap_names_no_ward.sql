-- No figure of an area is published that the registry keeps for the partners.
select value.indicator_id, value.area_code, value.period_id
from {{ ref('fct_indicator_value') }} as value
join {{ ref('int_indicator') }} as indicator on indicator.indicator_id = value.indicator_id
join {{ ref('int_area') }} as area on area.area_code = value.area_code
where list_contains(indicator.restricted_areas, area.area_type)
    and coalesce(value.numerator, value.denominator, value.value, value.ci95_lower, value.comparator_value) is not null
    and (value.numerator is not null or value.denominator is not null or value.value is not null)
