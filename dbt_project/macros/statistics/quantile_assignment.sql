{#
  Which of k quantiles a value falls in (1..k), among the rows of its partition. Window expression.

  rank = 1 + number of values strictly ahead (ties share the lowest rank), N = number of values:
    quantile = k + 1 - ceil((N + 1 - rank) k / N)
  in integer arithmetic: floating point misplaces single areas for k = 20 (phe_quantile at N = 28, rank 8).
  highest_first: quantile 1 holds the highest values (with IMD scores: the most deprived).
  Source: OHID technical guide, Assigning deprivation categories; phe_quantile.

  Edge cases. NULL value: NULL, and not counted. Fewer values than quantiles: NULL for the partition.
#}
{% macro quantile_assignment(value, quantiles, partition_by=none, highest_first=true) -%}
  {%- set groups = 'PARTITION by ' ~ partition_by if partition_by else '' -%}
  {%- set values_there = 'count(' ~ value ~ ') over (' ~ groups ~ ')' -%}
  case when ({{ value }}) is not null and {{ values_there }} >= {{ quantiles }} then
    {{ quantiles }} + 1 - ((({{ values_there }} + 1
      - rank() over ({{ groups }} order by {{ value }} {{ 'DESC' if highest_first else 'ASC' }} nulls last))
      * {{ quantiles }} + {{ values_there }} - 1) // {{ values_there }}) end
{%- endmacro %}
