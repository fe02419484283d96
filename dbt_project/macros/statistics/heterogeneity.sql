{#
  Do areas differ by more than chance? Chi-square test of one common level, over one row per area.

  Aggregate expressions over areas with observed events O and expected events E (an SMR's expected number, person-
  years of a rate, or people of a proportion):
    heterogeneity_chi_square  sum (O - rE)^2 / (rE), r = sum(O)/sum(E) the common level. Computed as
                              sum(O^2/E)/r - sum(O). Proportions (binomial=true, or an SQL expression that is the
                              same in the whole group): divided by 1 - r, Pearson's chi-square of the 2 x k table.
    heterogeneity_df          areas - 1
    heterogeneity_p_value     P(chi-square >= that), by chi_square_tail
  Source: Breslow and Day, Statistical Methods in Cancer Research vol. II (1987) section 3.4; Pearson (1900).

  chi_square_tail(chi_square, df): upper tail of the distribution, a scalar, to 1e-10 of itself down to 1e-300. With
  a = df/2, m = chi_square/2 it is Q(a, m): 1 - the series of poisson_limits.sql below m = a + 1, Legendre's continued
  fraction (Abramowitz and Stegun 6.5.31) from there on, so that small p-values keep their digits. df <= 500.

  Edge cases. heterogeneity_problem says why there is no test: a count or expected number missing or negative, nothing
  expected in an area, fewer than two areas, no events, or fewer than 5 events an area on average, where the
  chi-square curve no longer describes the sum (Cochran, Biometrics 10 (1954) 417-451). All three are then NULL.
  The test says that areas differ, not which, nor by how much, nor that deprivation is the reason.
#}
{% macro heterogeneity_chi_square(observed, expected, binomial=false) -%}
  case when ({{ heterogeneity_problem(observed, expected, binomial) }}) is null then greatest(0,
    (sum(power(({{ observed }})::double, 2) / ({{ expected }})) / {{ heterogeneity_level(observed, expected) }}
      - sum(({{ observed }})::double))
    / case when bool_or({{ binomial }}) then 1 - {{ heterogeneity_level(observed, expected) }} else 1 end) end
{%- endmacro %}

{% macro heterogeneity_df(observed, expected, binomial=false) -%}
  case when ({{ heterogeneity_problem(observed, expected, binomial) }}) is null then count(*) - 1 end
{%- endmacro %}

{% macro heterogeneity_p_value(observed, expected, binomial=false) -%}
  {{ chi_square_tail(heterogeneity_chi_square(observed, expected, binomial), '(count(*) - 1)') }}
{%- endmacro %}

{# Why a group has no test, or NULL. #}
{% macro heterogeneity_problem(observed, expected, binomial=false) -%}
  case when count(*) < 2 then 'there are fewer than two areas'
       when count({{ observed }}) < count(*) or count({{ expected }}) < count(*)
         then 'an observed or expected number is missing'
       when min({{ observed }}) < 0 then 'a count is negative'
       when min({{ expected }}) <= 0 then 'an expected number is not above zero'
       when sum({{ observed }}) = 0 then 'there are no events'
       when sum({{ observed }}) < 5 * count(*) then 'fewer than 5 events are expected in an area on average'
       when bool_or({{ binomial }}) and bool_or({{ observed }} > {{ expected }})
         then 'the numerator is above the denominator'
       when bool_or({{ binomial }}) and sum({{ expected }}) - sum({{ observed }}) < 5 * count(*)
         then 'fewer than 5 people without the event are expected in an area on average' end
{%- endmacro %}

{% macro heterogeneity_level(observed, expected) -%}
  (sum(({{ observed }})::double) / sum({{ expected }}))
{%- endmacro %}

{% macro chi_square_tail(chi_square, df) -%}
  list_transform([{'m': ({{ chi_square }})::double / 2, 'a': ({{ df }})::double / 2}], lambda c: case
    when not c.a > 0 or c.m < 0 then null
    when c.m = 0 then 1.0::double
    when c.m < c.a + 1 then 1 - exp(c.a * ln(c.m) - c.m - lgamma(c.a + 1)) * {{ gamma_series('c.a', 'c.m') }}
    else exp(c.a * ln(c.m) - c.m - lgamma(c.a)) / {{ gamma_fraction('c.a', 'c.m') }} end)[1]
{%- endmacro %}

{# m + 1 - a + 1 (a-1) / (m + 3 - a + 2 (a-2) / (m + 5 - a + ...)), from the 200th term upwards. #}
{% macro gamma_fraction(a, m) -%}
  list_reduce(range(200, 0, -1)::double[],
    lambda f, k: {{ m }} + 2 * k - 1 - {{ a }} + k * ({{ a }} - k) / f, {{ m }} + 401 - {{ a }})
{%- endmacro %}
