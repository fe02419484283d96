{# Sex as published: 'male', 'female', or NULL where it is indeterminate or not known (codes 1, 2, 9, X). #}
{% macro sex_label(code) -%}
  case {{ code }} when '1' then 'male' when '2' then 'female' end
{%- endmacro %}
