{#
  Entries of the register that change or flag rows of a table in this build: open ones, and those the partner has fixed
  since when the build is of the time before. `registered_corrections` is generated.
#}
{% macro corrections_in_force(extract, table) -%}
  {%- set as_of = var('as_of', env_var('BASSETLAW_AS_OF', '')) -%}
  {%- set found = [] -%}
  {%- for correction in registered_corrections() if correction.extract == extract and correction.table == table -%}
    {%- if correction.status == 'open' or (correction.fixed_on and as_of and as_of[:10] < correction.fixed_on) -%}
      {%- do found.append(correction) -%}
    {%- endif -%}
  {%- endfor -%}
  {{ return(found) }}
{%- endmacro %}
