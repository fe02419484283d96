{#
  Why supplied counts have no value, as {status, reason}; NULL when they have one.
  A missing population is something not supplied; nobody in the denominator makes the question not applicable.
#}
{% macro value_problem(method, numerator, denominator) -%}
  CASE WHEN {{ method }} IN ('count', 'total', 'published') THEN NULL
    WHEN ({{ denominator }}) IS NULL
      THEN {'status': 'not_supplied', 'reason': CASE {{ method }}
        WHEN 'smr' THEN 'no population, or no reference death rates of England, for this area and time'
        ELSE 'no population for this area and time' END}
    WHEN ({{ numerator }}) IS NULL
      THEN {'status': 'not_supplied', 'reason': 'hidden or left out by its publisher'}
    WHEN {{ method }} = 'dsr' AND ({{ numerator }}) < 10
      THEN {'status': 'not_calculated_small', 'reason': 'fewer than 10 events, too few to standardise'}
    WHEN ({{ denominator }}) <= 0
      THEN {'status': 'not_applicable', 'reason': CASE {{ method }} WHEN 'growth'
        THEN 'no events a year before' ELSE 'nobody in the denominator' END}
    WHEN {{ method }} = 'proportion' AND ({{ numerator }}) > ({{ denominator }})
      THEN {'status': 'not_supplied', 'reason': 'numerator above denominator'} END
{%- endmacro %}
