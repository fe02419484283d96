{#
  Repeatable random numbers: functions of a key, the same in every run and on every machine.

  uniform_of_key      in (0, 1), from the first 52 bits of the MD5 of the key
  normal_of_key       standard normal, Box and Muller (1958), from two such numbers
#}
{% macro uniform_of_key(key) -%}
  ((('0x' || left(md5({{ key }}), 13))::ubigint + 0.5) / 4503599627370496)
{%- endmacro %}

{% macro normal_of_key(key) -%}
  (sqrt(-2 * ln({{ uniform_of_key(key ~ " || '/r'") }})) * cos(2 * pi() * {{ uniform_of_key(key ~ " || '/a'") }}))
{%- endmacro %}
