{#
  Disclosure policies: what is hidden and what is rounded before a number leaves the restricted schema.

  hide_to    counts of 1 to hide_to are hidden (0 is shown as 0)
  round_to   every other count is rounded to the nearest multiple; 1 leaves it as it is
  lump_to    counts of 0 to lump_to are all shown as 5

  hes2018  NHS Digital HES disclosure rule, September 2018: 1-7 hidden, the rest to the nearest 5
  ncmp     NCMP 2019/20 on: as hes2018
  mh5      IAPT and MHSDS publications: 1-4 hidden, the rest to the nearest 5
  screening  practice screening coverage: 0-7 shown as 5, the rest to the nearest 5; nothing is hidden
  deaths   ONS: no rate on fewer than 3 deaths; not rounded, so secondary suppression is compulsory
  staff    fewer than 11 people: not shown
  open     not about individuals, or published unsuppressed for the same area already
  official published like this by NHS England or ONS (value_status official)

  A policy nobody declared hides every count: the gate fails closed.
#}
{% macro disclosure_policies() %}
  {% do return({
    'hes2018': {'hide_to': 7, 'round_to': 5, 'lump_to': 'NULL'},
    'ncmp': {'hide_to': 7, 'round_to': 5, 'lump_to': 'NULL'},
    'mh5': {'hide_to': 4, 'round_to': 5, 'lump_to': 'NULL'},
    'screening': {'hide_to': 0, 'round_to': 5, 'lump_to': 7},
    'deaths': {'hide_to': 2, 'round_to': 1, 'lump_to': 'NULL'},
    'staff': {'hide_to': 10, 'round_to': 1, 'lump_to': 'NULL'},
    'open': {'hide_to': 0, 'round_to': 1, 'lump_to': 'NULL'},
    'official': {'hide_to': 0, 'round_to': 1, 'lump_to': 'NULL'},
  }) %}
{% endmacro %}

{# Version of the rules above; changes when a published figure could change because of them. #}
{% macro disclosure_rule_version() -%}
4.0
{%- endmacro %}
