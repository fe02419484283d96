{#
  The current view of an extract: of all deliveries received up to the as-of time, the rows that count.

  Deliveries received later than BASSETLAW_AS_OF (or var as_of) are left out, so any past state can be rebuilt.
  Of the rest the newest wins (newest = revision, then time received, then hash), by the contract's rule:
    snapshot   the newest delivery replaces everything
    period     the newest delivery replaces the partitions of its own reporting window
    upsert     the newest row of each key counts
  Which delivery is the newest that may replace a partition is decided before the build (intake/store/current.py), and
  stands in the source current_delivery: one that lost most of the rows is held, and the one before it counts. A
  delivery that is withdrawn, or was landed again, is left out of every rule.
  one_row_per_key: also take the newest row of each key across partitions, for extracts in which an event may
  come again in another period. A contract's key is unique within a delivery; rows without a full key stay.

  The corrections register then puts right what is known to be wrong in these rows: see corrected_rows.

  Rules, partition columns and keys come from the contract, through the generated macro contract_facts.
  Usage in a staging model:  select … from {{ current_rows('dbth_ecds') }} as rows
#}
{% macro current_rows(extract, table=none, one_row_per_key=false) -%}
  ({{ corrected_rows(rows_as_sent(extract, table, one_row_per_key), extract, table) }})
{%- endmacro %}

{# The same rows as the partner sent them. #}
{% macro rows_as_sent(extract, table=none, one_row_per_key=false) -%}
  {%- set facts = contract_facts(extract) -%}
  {%- set table = table or facts.main -%}
  {%- set rows = received_rows(extract, table) if facts.mode == 'upsert' else rows_that_count(extract, table, facts) -%}
  {%- if one_row_per_key or facts.mode == 'upsert' -%}
    {{ newest_row_of_key(rows, facts['keys'][table]) }}
  {%- else -%}
    {{ rows }}
  {%- endif -%}
{%- endmacro %}

{# Rows of all deliveries received by the as-of time, apart from those that are withdrawn or replaced by a landing again. #}
{% macro received_rows(extract, table=none) -%}
  {%- set as_of = var('as_of', env_var('BASSETLAW_AS_OF', '')) -%}
  select received.*
  from {{ extract_source(extract, table) }} as received
  anti join (
    select delivery_id from {{ source('pipeline', 'current_delivery') }}
    where extract = '{{ extract }}' and state = 'left_out'
  ) as left_out on received._delivery_id = left_out.delivery_id
  {% if as_of %}where received._received_at <= timestamp '{{ as_of }}'{% endif %}
{%- endmacro %}

{# Rows of the delivery that counts in their partition; without partition columns, of the one that counts at all. #}
{% macro rows_that_count(extract, table, facts) -%}
  {%- set as_of = var('as_of', env_var('BASSETLAW_AS_OF', '')) -%}
  {%- set by = facts.by if facts.mode == 'period' else [] -%}
  {%- set parts = [] -%}
  {%- for column in by if column != '_period_start' -%}
    {%- do parts.append("coalesce(received." ~ column ~ "::varchar, '')") -%}
  {%- endfor -%}
  select received.*
  from {{ extract_source(extract, table) }} as received
  semi join ({{ deliveries_that_count(extract, table) }}) as counting
    on received._delivery_id = counting.delivery_id
    {%- if '_period_start' in by %}
    and received._period_start = counting.period_start
    {%- endif %}
    {%- if parts %}
    and concat_ws(chr(31), {{ parts | join(', ') }}) = counting.part
    {%- endif %}
  {%- if as_of %}
  where received._received_at <= timestamp '{{ as_of }}'
  {%- endif %}
{%- endmacro %}

{# The delivery that counts in every partition of a table. #}
{% macro deliveries_that_count(extract, table) -%}
  select delivery_id, period_start, part
  from {{ source('pipeline', 'current_delivery') }}
  where extract = '{{ extract }}' and table_name = '{{ table }}' and state = 'current'
{%- endmacro %}

{% macro newest_row_of_key(rows, key) -%}
  select * from ({{ rows }})
  qualify {{ key | join(' is null or ') }} is null or row_number() over (
    partition by {{ key | join(', ') }}
    order by _revision_rank desc, _received_at desc, _file_sha256 desc, _row_number desc
  ) = 1
{%- endmacro %}
