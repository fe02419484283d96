{#
  The rows of a value model that stand for the indicator itself rather than for a part of the people: all ages, and
  persons or, for an indicator about one sex, that sex. A SELECT that ends in its WHERE clause.
#}
{% macro main_values(model) -%}
select value.*
from {{ ref(model) }} as value
join {{ ref('int_indicator') }} as main using (indicator_id)
where value.sex = main.headline_sex and value.age_band = 'all'
{%- endmacro %}
