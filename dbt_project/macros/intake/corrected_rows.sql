{#
  Rows of an extract with the corrections register applied (expectations/corrections, docs/corrections.md).

  Every condition looks at the row as it was sent. Where several corrections would change the same cell, the first of
  the register counts. A correction in force is an open one, or one fixed since by the partner in a build of the time
  before; `flag` changes nothing here.
#}
{% macro corrected_rows(rows, extract, table=none) -%}
  {%- set found = corrections_in_force(extract, table or contract_facts(extract).main) -%}
  {%- set dropped, replaced = [], {} -%}
  {%- for correction in found -%}
    {%- if correction.action == 'drop' %}{% do dropped.append(correction.where) %}{% endif -%}
    {%- for column, value in correction.replace.items() -%}
      {%- do replaced.setdefault(column, []).append('when ' ~ correction.where ~ ' then ' ~ value) -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- if not dropped and not replaced -%}
    {{ rows }}
  {%- else -%}
    select *{% if replaced %} replace (
      {%- for column, cases in replaced.items() %}
      case {{ cases | join(' ') }} else "{{ column }}" end as "{{ column }}"{{ ',' if not loop.last }}
      {%- endfor %}){% endif %}
    from ({{ rows }}) as as_sent
    {%- for condition in dropped %}
    {{ 'where' if loop.first else 'and' }} not ({{ condition }})
    {%- endfor %}
  {%- endif -%}
{%- endmacro %}
