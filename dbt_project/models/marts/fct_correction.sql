-- Grain: one row per entry of the corrections register: a known error in what a partner sent, and what was done.
with correction as (select * from {{ ref('int_correction') }})

select
    correction_id, extract, table_name, action, rows_affected::bigint as rows_affected, reason, reported_to, reported_on,
    status, entry_sha256
from correction
