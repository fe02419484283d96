{# A setting of the policy named in a column; `otherwise` for a policy nobody declared. #}
{% macro policy_setting(policy, setting, otherwise) -%}
  (case {{ policy }}
    {%- for name, settings in disclosure_policies().items() %} when '{{ name }}' then {{ settings[setting] }}{% endfor %}
    else {{ otherwise }} end)
{%- endmacro %}
