{#
  Directly standardised rate, per `multiplier` of the standard population, with Dobson's limits.

  Aggregate expressions over one row per stratum (age band): count x, population n, weight w (ESP2013 seed).
    value = sum(x w/n) / sum(w);  var = sum(x (w/n)^2) / sum(w)^2;  X = sum(x)
    limit = value + sqrt(var/X) (Byar's limit of X - X)          Byar's at every X, never the exact limits
  Source: Dobson, Kuulasmaa, Eberle and Scherer, Statistics in Medicine 10 (1991) 457-462; calculate_dsr.

  frequency: for events that are not independent (admissions of the same person), pass the column that holds
    the number of events per person; count is then the number of people with that many, one row per stratum
    and frequency. Events are f x, var = sum over f of f^2 var_f (compound Poisson; OHID guide to DSRs of
    non-independent events). Every stratum must have a row for every frequency: pass `stratum` so that
    dsr_problem can check it.

  dispersion: where events are not independent and people by number of events are known for the whole only, the factor
    by which their variance exceeds that of independent events: var is multiplied by it. With the same
    frequencies in every stratum this is the variance of the compound Poisson.

  Edge cases. X < 10: value and limits NULL (too few to standardise); X = 10 is kept. A NULL count is 0.
  Weights are rescaled by their sum in the group, so any subset of ages works; a stratum of weight 0 still adds
  to X. More events than people is allowed. Population missing or <= 0, weight missing or < 0 or all 0,
  count < 0: NULL for the group, and dsr_problem says why.
#}
{% macro dsr_total(count, frequency=none) -%}
  sum(coalesce(({{ count }}), 0)::double{{ ' * ' ~ frequency if frequency }})
{%- endmacro %}

{% macro dsr_value(count, population, weight, multiplier=100000, frequency=none) -%}
  case when {{ dsr_is_defined(count, population, weight, frequency) }}
    then {{ dsr_unscaled(count, population, weight, frequency) }} * {{ multiplier }} end
{%- endmacro %}

{% macro dsr_lower(count, population, weight, confidence=0.95, multiplier=100000, frequency=none, dispersion=1) -%}
  {{ dsr_limit(byar_lower(dsr_total(count, frequency), confidence), count, population, weight, multiplier, frequency, dispersion) }}
{%- endmacro %}

{% macro dsr_upper(count, population, weight, confidence=0.95, multiplier=100000, frequency=none, dispersion=1) -%}
  {{ dsr_limit(byar_upper(dsr_total(count, frequency), confidence), count, population, weight, multiplier, frequency, dispersion) }}
{%- endmacro %}

{% macro dsr_limit(byar, count, population, weight, multiplier, frequency, dispersion) -%}
  {%- set total = dsr_total(count, frequency) -%}
  case when {{ dsr_is_defined(count, population, weight, frequency) }} then {{ multiplier }} * (
    {{ dsr_unscaled(count, population, weight, frequency) }}
    + sqrt({{ dispersion }} * {{ dsr_variance(count, population, weight, frequency) }} / {{ total }}) * ({{ byar }} - {{ total }})) end
{%- endmacro %}

{% macro dsr_unscaled(count, population, weight, frequency) -%}
  {{ dsr_sum("coalesce((" ~ count ~ "), 0)::double" ~ (" * " ~ frequency if frequency else "")
    ~ " * (" ~ weight ~ ") / (" ~ population ~ ")") }} / {{ dsr_weight_sum(weight, frequency) }}
{%- endmacro %}

{% macro dsr_variance(count, population, weight, frequency) -%}
  {{ dsr_sum("coalesce((" ~ count ~ "), 0)::double * power(" ~ (frequency or 1) ~ ", 2) * power((" ~ weight
    ~ ")::double / (" ~ population ~ "), 2)") }} / power({{ dsr_weight_sum(weight, frequency) }}, 2)
{%- endmacro %}

{# In the order of size: added as they come, the last digit of a rate would differ from run to run. #}
{% macro dsr_sum(term) -%}
  sum({{ term }} order by {{ term }})
{%- endmacro %}

{# With frequencies each stratum's weight is there once per frequency. #}
{% macro dsr_weight_sum(weight, frequency) -%}
  (sum({{ weight }})::double{{ ' / count(distinct ' ~ frequency ~ ')' if frequency }})
{%- endmacro %}

{% macro dsr_is_defined(count, population, weight, frequency) -%}
  {{ dsr_total(count, frequency) }} >= 10 and ({{ dsr_problem(count, population, weight) }}) is null
{%- endmacro %}

{# Why a group has no rate, or NULL; a total under 10 is no problem of the data and not reported here. #}
{% macro dsr_problem(count, population, weight, frequency=none, stratum=none) -%}
  case when bool_or(({{ population }}) is null) then 'a population is missing'
       when bool_or(({{ population }}) <= 0) then 'a population is not above zero'
       when bool_or(({{ weight }}) is null) then 'a standard weight is missing'
       when bool_or(({{ weight }}) < 0) or sum({{ weight }}) = 0 then 'the standard weights are negative or all zero'
       when bool_or(({{ count }}) < 0) then 'a count is negative'
       {%- if frequency and stratum %}
       when count(*) <> count(distinct ({{ stratum }})) * count(distinct ({{ frequency }}))
         then 'a stratum lacks a row for one of the frequencies'
       when count(distinct (({{ stratum }}), ({{ population }}), ({{ weight }}))) <> count(distinct ({{ stratum }}))
         then 'population or weight differ between the frequencies of a stratum'
       {%- endif %} end
{%- endmacro %}
