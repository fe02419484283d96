-- Grain: one row per delivery in the ledger that Python writes before the build, as it was known at the as-of time;
-- also those that are withdrawn, or replaced by a landing again of the same file.
-- `period` in the ledger holds the first days of the months a delivery covers, ISO dates separated by a bar.
{%- set as_of = var('as_of', env_var('BASSETLAW_AS_OF', '')) %}
select
    delivery_id::varchar as delivery_id,
    partner::varchar as partner,
    extract::varchar as extract,
    list_sort(list_filter(
        list_transform(string_split(coalesce(period::varchar, ''), '|'), lambda x: try_cast(left(x, 10) as date)),
        lambda x: x is not null)) as periods,
    received_at::timestamp as received_at,
    file_name::varchar as file_name,
    sha256::varchar as sha256,
    contract_version::varchar as contract_version,
    rows_in::bigint as rows_in,
    accepted::bigint as accepted,
    quarantined::bigint as quarantined,
    rejected::bigint as rejected,
    non_data::bigint as non_data,
    verdict::varchar as verdict,
    top_reasons::varchar as top_reasons,
    state::varchar as state,
    state_since::timestamp as state_since
from {{ source('pipeline', 'ledger') }}
{% if as_of %}where received_at <= timestamp '{{ as_of }}'{% endif %}
