{#
  Is a figure different from an earlier one of the same place by more than chance? Two-sided tests; scalar.

  change_z(row)   deviate of the standard normal, above 0 where the later figure is higher; NULL where there is no test.
    `row` has method, value, ci95_lower, ci95_upper, numerator, denominator and the same names behind previous_, and
    rounding: the variance that rounding adds to a published count, 25/12 for counts to the nearest 5, 0 for exact ones.
    proportion    two proportions with a pooled variance p(1-p)(1/n1 + 1/n0)
    count         x1 given x1 + x0 is binomial with a half;  crude_rate and smr: with e1 / (e1 + e0), e the
                  person-time or the expected events; from 40 events in both together, below which rounding to the
                  nearest 5 makes it claim too often (Przyborowski and Wilenski, Biometrika 31 (1940) 313-323)
    any other figure with limits (standardised, life expectancy, published): difference over the standard errors that the 95 %
    limits imply, of logarithms for a dsr
  change_p_value(z)  P(|Z| >= |z|), by chi_square_tail
  change_test(row)   two_proportions, rate_ratio, from_intervals, or none

  The two periods must share no month; the figures of rst_headline do not. Where the same people are counted in both
  (a register, coverage at the end of a quarter), the figures are correlated and the test claims too little. Where one person
  counts many times (days of delay, home visits), counts vary more than chance among independent events would: no test. Nor
  for growth: this year's and last year's share the count in the middle, and so are not independent.
  Rounding hides at most a little: it is in the variance.
#}
{% macro change_test(row) -%}
  case when {{ row }}.value is null or {{ row }}.previous_value is null or not ({{ row }}.independent_events or {{ row }}.method = 'dsr')
      or {{ row }}.method = 'growth' then 'none'
    when {{ row }}.method = 'proportion' and least({{ row }}.denominator, {{ row }}.previous_denominator) > 0
      then 'two_proportions'
    when {{ row }}.method in ('count', 'crude_rate', 'smr') then case when {{ row }}.numerator + {{ row }}.previous_numerator >= 40
      and ({{ row }}.method = 'count' or least({{ row }}.denominator, {{ row }}.previous_denominator) > 0) then 'rate_ratio'
      else 'none' end
    when {{ row }}.ci95_upper > {{ row }}.ci95_lower and {{ row }}.previous_upper > {{ row }}.previous_lower
      then 'from_intervals'
    else 'none' end
{%- endmacro %}

{% macro change_z(row) -%}
  {%- set r = row -%}
  {%- set p = '((' ~ r ~ '.numerator + ' ~ r ~ '.previous_numerator) / (' ~ r ~ '.denominator + ' ~ r ~ '.previous_denominator))' -%}
  {%- set events = '(' ~ r ~ '.numerator + ' ~ r ~ '.previous_numerator)' -%}
  {%- set share = "case " ~ r ~ ".method when 'count' then 0.5 else " ~ r ~ ".denominator / (" ~ r ~ ".denominator + "
    ~ r ~ ".previous_denominator) end" -%}
  case {{ change_test(r) }}
    when 'two_proportions' then
      ({{ r }}.numerator / {{ r }}.denominator - {{ r }}.previous_numerator / {{ r }}.previous_denominator)
      / nullif(sqrt({{ p }} * (1 - {{ p }}) * (1 / {{ r }}.denominator + 1 / {{ r }}.previous_denominator)
        + {{ r }}.rounding * (1 + power({{ p }}, 2))
          * (power({{ r }}.denominator, -2) + power({{ r }}.previous_denominator, -2))), 0)
    when 'rate_ratio' then list_transform([{{ share }}], lambda s: ({{ r }}.numerator - {{ events }} * s)
      / nullif(sqrt({{ events }} * s * (1 - s) + {{ r }}.rounding * (power(1 - s, 2) + power(s, 2))), 0))[1]
    when 'from_intervals' then case
      when {{ r }}.method = 'dsr' and least({{ r }}.ci95_lower, {{ r }}.previous_lower) > 0 then
        ln({{ r }}.value / {{ r }}.previous_value) * 2 * {{ z_value(0.95) }}
        / sqrt(power(ln({{ r }}.ci95_upper / {{ r }}.ci95_lower), 2)
          + power(ln({{ r }}.previous_upper / {{ r }}.previous_lower), 2))
      else ({{ r }}.value - {{ r }}.previous_value) * 2 * {{ z_value(0.95) }}
        / sqrt(power({{ r }}.ci95_upper - {{ r }}.ci95_lower, 2)
          + power({{ r }}.previous_upper - {{ r }}.previous_lower, 2)) end end
{%- endmacro %}

{% macro change_p_value(z) -%}
  {{ chi_square_tail('power(' ~ z ~ ', 2)', 1) }}
{%- endmacro %}
