-- Grain: one row per delivery in the ledger that Python writes before the build, as it was known at the as-of time;
-- also those that are withdrawn, or replaced by a landing again of the same file.
-- `period` in the ledger holds the first days of the months a delivery covers, ISO dates separated by a bar.
{%- set as_of = var('as_of', env_var('BASSETLAW_AS_OF', '')) %}
SELECT
    delivery_id::VARCHAR AS delivery_id,
    partner::VARCHAR AS partner,
    extract::VARCHAR AS extract,
    list_sort(list_filter(
        list_transform(string_split(coalesce(period::VARCHAR, ''), '|'), lambda x: try_cast(left(x, 10) AS DATE)),
        lambda x: x IS NOT NULL)) AS periods,
    received_at::TIMESTAMP AS received_at,
    file_name::VARCHAR AS file_name,
    sha256::VARCHAR AS sha256,
    contract_version::VARCHAR AS contract_version,
    rows_in::BIGINT AS rows_in,
    accepted::BIGINT AS accepted,
    quarantined::BIGINT AS quarantined,
    rejected::BIGINT AS rejected,
    non_data::BIGINT AS non_data,
    verdict::VARCHAR AS verdict,
    top_reasons::VARCHAR AS top_reasons,
    state::VARCHAR AS state,
    state_since::TIMESTAMP AS state_since
FROM {{ source('pipeline', 'ledger') }}
{% if as_of %}WHERE received_at <= TIMESTAMP '{{ as_of }}'{% endif %}
