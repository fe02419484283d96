-- Every row of a file is accepted, quarantined, rejected or not data. Exact: the published counts are rounded.
select delivery_id, partner, file_name
from {{ ref('int_delivery') }}
where rows_in <> accepted + quarantined + rejected + non_data
