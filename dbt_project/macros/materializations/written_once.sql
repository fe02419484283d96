{#
  A build starts with an empty file that is thrown away when anything fails, so a table or a view is made where
  it belongs, at once. The adapter's own way builds it beside, renames it and drops what was there: five statements
  more for each of three hundred relations. Whoever builds by hand into a file that is there already gets each
  relation replaced.
#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set made = this.incorporate(type='table') -%}
    {{- drop_what_was_there(this) -}}
    {%- call statement('main', language=model['language']) -%}
        {{ create_table_as(False, made, compiled_code, model['language']) }}
    {%- endcall -%}
    {%- do persist_docs(made, model) -%}
    {{- adapter.commit() -}}
    {{ return({'relations': [made]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set made = this.incorporate(type='view') -%}
    {{- drop_what_was_there(this) -}}
    {%- call statement('main') -%}
        {{ get_create_view_as_sql(made, sql) }}
    {%- endcall -%}
    {%- do persist_docs(made, model) -%}
    {{- adapter.commit() -}}
    {{ return({'relations': [made]}) }}
{% endmaterialization %}

{% macro drop_what_was_there(relation) %}
    {%- set before = load_cached_relation(relation) -%}
    {%- if before is not none -%}
        {%- do adapter.drop_relation(before) -%}
    {%- endif -%}
{% endmacro %}
