{# A setting of the policy named in a column; `otherwise` for a policy nobody declared. #}
{% macro policy_setting(policy, setting, otherwise) -%}
  (CASE {{ policy }}
    {%- for name, settings in disclosure_policies().items() %} WHEN '{{ name }}' THEN {{ settings[setting] }}{% endfor %}
    ELSE {{ otherwise }} END)
{%- endmacro %}
