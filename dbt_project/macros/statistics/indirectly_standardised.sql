{#
  Indirectly standardised ratio (SMR) and rate.

  Over one row per stratum (age band, sex), aggregate expressions:
    observed_events  O = sum(x)                        a NULL count is 0
    expected_events  E = sum(x_ref/n_ref * n)          a NULL x_ref or n contributes 0
    reference_rate   sum(x_ref)/sum(n_ref) * multiplier
  From those, scalar expressions:
    smr_*      O/E * ref_value   (1, or 100 where the reference is 100)
    israte_*   O/E * reference rate
  Limits: the Poisson limits of O (exact below 10, Byar's from 10) over E, times the same scale.
  Source: Breslow and Day (1987) vol. II ch. 2; calculate_ISRatio and calculate_ISRate.

  Edge cases. O may come from elsewhere (a total without ages): pass it as `observed`. E = 0: NULL
  (never Infinity). O < 0: NULL. Nothing is suppressed for small numbers here. isr_problem says why a group has
  no value, also when a group lacks strata that others have (its expected number would be too low).
#}
{% macro observed_events(count) -%}
  sum(coalesce(({{ count }}), 0)::double)
{%- endmacro %}

{% macro expected_events(reference_count, reference_population, population) -%}
  sum(coalesce(({{ reference_count }}), 0)::double / ({{ reference_population }}) * coalesce(({{ population }}), 0))
{%- endmacro %}

{% macro reference_rate(reference_count, reference_population, multiplier=100000) -%}
  sum(coalesce(({{ reference_count }}), 0)::double) / sum({{ reference_population }}) * {{ multiplier }}
{%- endmacro %}

{% macro smr_value(observed, expected, ref_value=1) -%}
  ({{ observed_over_expected(observed, observed, expected) }} * ({{ ref_value }}))
{%- endmacro %}

{% macro smr_lower(observed, expected, confidence=0.95, ref_value=1) -%}
  ({{ observed_over_expected(poisson_limit_lower(observed, confidence), observed, expected) }} * ({{ ref_value }}))
{%- endmacro %}

{% macro smr_upper(observed, expected, confidence=0.95, ref_value=1) -%}
  ({{ observed_over_expected(poisson_limit_upper(observed, confidence), observed, expected) }} * ({{ ref_value }}))
{%- endmacro %}

{% macro israte_value(observed, expected, ref_rate) -%}
  {{ smr_value(observed, expected, ref_rate) }}
{%- endmacro %}

{% macro israte_lower(observed, expected, ref_rate, confidence=0.95) -%}
  {{ smr_lower(observed, expected, confidence, ref_rate) }}
{%- endmacro %}

{% macro israte_upper(observed, expected, ref_rate, confidence=0.95) -%}
  {{ smr_upper(observed, expected, confidence, ref_rate) }}
{%- endmacro %}

{% macro observed_over_expected(events, observed, expected) -%}
  (case when ({{ observed }}) >= 0 and ({{ expected }}) > 0
    then ({{ events }})::double / ({{ expected }})::double end)
{%- endmacro %}

{# Aggregate over the strata of a group; `partition_by` names what groups are compared within (default: all). #}
{% macro isr_problem(count, population, reference_count, reference_population, partition_by=none) -%}
  case when bool_or(({{ count }}) < 0) then 'a count is negative'
       when bool_or(({{ population }}) < 0) then 'a population is negative'
       when {{ expected_events(reference_count, reference_population, population) }} = 0
         then 'no events are expected'
       when count(*) <> max(count(*)) over ({{ 'PARTITION by ' ~ partition_by if partition_by }})
         then 'strata are missing' end
{%- endmacro %}
