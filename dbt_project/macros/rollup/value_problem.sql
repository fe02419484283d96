{#
  Why supplied counts have no value, as {status, reason}; NULL when they have one.
  A missing population is something not supplied; nobody in the denominator makes the question not applicable.
#}
{% macro value_problem(method, numerator, denominator) -%}
  case when {{ method }} in ('count', 'total', 'published') then null
    when ({{ denominator }}) is null
      then {'status': 'not_supplied', 'reason': case {{ method }}
        when 'smr' then 'no population, or no reference death rates of England, for this area and time'
        else 'no population for this area and time' end}
    when ({{ numerator }}) is null
      then {'status': 'not_supplied', 'reason': 'hidden or left out by its publisher'}
    when {{ method }} = 'dsr' and ({{ numerator }}) < 10
      then {'status': 'not_calculated_small', 'reason': 'fewer than 10 events, too few to standardise'}
    when ({{ denominator }}) <= 0
      then {'status': 'not_applicable', 'reason': case {{ method }} when 'growth'
        then 'no events a year before' else 'nobody in the denominator' end}
    when {{ method }} = 'proportion' and ({{ numerator }}) > ({{ denominator }})
      then {'status': 'not_supplied', 'reason': 'numerator above denominator'} end
{%- endmacro %}
