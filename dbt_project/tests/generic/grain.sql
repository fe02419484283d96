{#
  Grain test: the columns together identify a row, and no required column is NULL (default: none of the columns).
  Within a grain NULLs count as equal, so one that allows NULL (a place that is not known) is tested too.
#}
{% test grain(model, columns, required=none) %}
select {{ columns | join(', ') }}, count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{%- for column in (columns if required is none else required) %}
  or count({{ column }}) < count(*)
{%- endfor %}
{% endtest %}
