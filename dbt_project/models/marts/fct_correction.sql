-- Grain: one row per entry of the corrections register: a known error in what a partner sent, and what was done.
WITH correction AS (SELECT * FROM {{ ref('int_correction') }})

SELECT
    correction_id, extract, table_name, action, rows_affected::BIGINT AS rows_affected, reason, reported_to, reported_on,
    status, entry_sha256
FROM correction
