-- An indicator that the registry calls part of another never counts more than that.
with value as (select * from {{ ref('fct_indicator_value_all') }} where numerator is not null)

select part.indicator_id, part.area_code, part.period_id
from value as part
join {{ ref('int_indicator') }} as indicator on indicator.indicator_id = part.indicator_id
join value as whole
    on whole.indicator_id = indicator.part_of
    and (whole.area_code, whole.period_id, whole.sex, whole.age_band)
        = (part.area_code, part.period_id, part.sex, part.age_band)
where part.numerator > whole.numerator
