-- Every row of a file is accepted, quarantined, rejected or not data. Exact: the published counts are rounded.
SELECT delivery_id, partner, file_name
FROM {{ ref('int_delivery') }}
WHERE rows_in <> accepted + quarantined + rejected + non_data
