-- Grain: one row per entry of the corrections register: what its locator finds among the rows as they were sent.
-- Nothing is guarded before the extract's first delivery, nor in a build of the past: the error may not have come yet.
{%- set as_of = var('as_of', env_var('BASSETLAW_AS_OF', '')) %}
with found as (
    {% for correction in registered_corrections() %}
    {%- set in_force = correction.id in (corrections_in_force(correction.extract, correction.table) | map(attribute='id')) %}
    select
        {% for name, word in correction.words.items() %}{{ word }} as {{ name }}, {% endfor %}
        {{ correction.reported_on }} as reported_on,
        {{ 'true' if in_force else 'false' }} as is_in_force,
        count(*) > 0 and {{ 'true' if correction.status == 'open' else 'false' }}
            {%- if as_of %} and not exists (
                select 1 from {{ extract_source(correction.extract, correction.table) }}
                where _received_at > timestamp '{{ as_of }}'){% endif %} as is_guarded,
        count(*) filter ({{ correction.where }}) as rows_found,
        count(*) filter ({{ correction.where }} and {{ correction.still }}) as rows_still_wrong,
        {{ correction.rows }}::bigint as rows_expected
    from ({{ rows_as_sent(correction.extract, correction.table) }}) as as_sent
    union all
    {%- endfor %}
    -- The types, when the register is empty.
    select
        '' as correction_id, '' as extract, '' as table_name, '' as action, '' as reason, '' as reported_to,
        '' as status, '' as entry_sha256, null::date as reported_on, false as is_in_force, false as is_guarded,
        0::bigint as rows_found, 0::bigint as rows_still_wrong, null::bigint as rows_expected
    where false
)

select
    correction_id, extract, table_name, action, rows_found, rows_still_wrong, rows_expected, is_guarded,
    case when is_in_force then rows_found else 0 end as rows_affected,
    reason, reported_to, reported_on, status, entry_sha256
from found
