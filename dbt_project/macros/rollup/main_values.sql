{#
  The rows of a value model that stand for the indicator itself rather than for a part of the people: all ages, and
  persons or, for an indicator about one sex, that sex. A SELECT that ends in its WHERE clause.
#}
{% macro main_values(model) -%}
SELECT value.*
FROM {{ ref(model) }} AS value
JOIN {{ ref('int_indicator') }} AS main USING (indicator_id)
WHERE value.sex = main.headline_sex AND value.age_band = 'all'
{%- endmacro %}
