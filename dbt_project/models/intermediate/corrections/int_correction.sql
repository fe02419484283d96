-- Grain: one row per entry of the corrections register: what its locator finds among the rows as they were sent.
-- Nothing is guarded before the extract's first delivery, nor in a build of the past: the error may not have come yet.
{%- set as_of = var('as_of', env_var('BASSETLAW_AS_OF', '')) %}
WITH found AS (
    {% for correction in registered_corrections() %}
    {%- set in_force = correction.id in (corrections_in_force(correction.extract, correction.table) | map(attribute='id')) %}
    SELECT
        {% for name, word in correction.words.items() %}{{ word }} AS {{ name }}, {% endfor %}
        {{ correction.reported_on }} AS reported_on,
        {{ 'true' if in_force else 'false' }} AS is_in_force,
        count(*) > 0 AND {{ 'true' if correction.status == 'open' else 'false' }}
            {%- if as_of %} AND NOT EXISTS (
                SELECT 1 FROM {{ extract_source(correction.extract, correction.table) }}
                WHERE _received_at > TIMESTAMP '{{ as_of }}'){% endif %} AS is_guarded,
        count(*) FILTER ({{ correction.where }}) AS rows_found,
        count(*) FILTER ({{ correction.where }} AND {{ correction.still }}) AS rows_still_wrong,
        {{ correction.rows }}::BIGINT AS rows_expected
    FROM ({{ rows_as_sent(correction.extract, correction.table) }}) AS as_sent
    UNION ALL
    {%- endfor %}
    -- The types, when the register is empty.
    SELECT
        '' AS correction_id, '' AS extract, '' AS table_name, '' AS action, '' AS reason, '' AS reported_to,
        '' AS status, '' AS entry_sha256, NULL::DATE AS reported_on, false AS is_in_force, false AS is_guarded,
        0::BIGINT AS rows_found, 0::BIGINT AS rows_still_wrong, NULL::BIGINT AS rows_expected
    WHERE false
)

SELECT
    correction_id, extract, table_name, action, rows_found, rows_still_wrong, rows_expected, is_guarded,
    CASE WHEN is_in_force THEN rows_found ELSE 0 END AS rows_affected,
    reason, reported_to, reported_on, status, entry_sha256
FROM found
