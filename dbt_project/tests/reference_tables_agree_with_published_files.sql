-- A difference does not stop a release: the reference tables are changed by hand, with their source.
{{ config(severity='warn') }}
select * from {{ ref('int_reference_difference') }}
