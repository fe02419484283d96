{# A model that lists what is wrong has no rows. #}
{% test no_rows(model) %}
select * from {{ model }}
{% endtest %}
