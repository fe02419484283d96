{#
  The error a correction puts right is still there: its locator finds as many rows as reported, at least one, and all
  of them still say what was wrong. A row here means that the partner has sent something else since: look at it, and
  set the entry to fixed_by_partner or change it.
#}
{% test correction_guard(model, correction_id) %}
{{ config(severity='error') }}
select correction_id, rows_found, rows_expected, rows_still_wrong
from {{ model }}
where correction_id = '{{ correction_id }}' and is_guarded
    and (rows_found = 0 or rows_found <> coalesce(rows_expected, rows_found) or rows_still_wrong <> rows_found)
{% endtest %}
