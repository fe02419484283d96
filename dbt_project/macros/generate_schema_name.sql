{# Schemas are the layers, under the plain names of dbt_project.yml, whoever builds and wherever. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ custom_schema_name or target.schema }}
{%- endmacro %}
