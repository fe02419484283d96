-- No figure of a ward with a prison or a secure hospital is published where the registry keeps these back: deaths and
-- mental health. The few who die there would be known.
select value.indicator_id, value.area_code, value.period_id, value.sex
from {{ ref('fct_indicator_value') }} as value
join {{ ref('int_indicator') }} as indicator on indicator.indicator_id = value.indicator_id
join {{ ref('int_area') }} as area on area.area_code = value.area_code
where indicator.keeps_institutions_back
    and area.institution is not null
    and (value.numerator is not null or value.denominator is not null or value.value is not null)
