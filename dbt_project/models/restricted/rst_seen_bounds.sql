-- Grain: one row per count of a value: its numerator, and where they are counts of people its denominator and, of a
-- share, the people it does not count. What a reader knows of it after primary suppression and rounding, how many
-- candidates must remain, and what hiding it would cost: little for small counts, most for a 0, which people expect. A
-- hidden count has a cost, too: that of not even telling that it is small.
-- What is not published at all (not supplied, or restricted to the partners) could be anything.
WITH value AS (
    SELECT
        *,
        restricted_only OR numerator_hidden OR denominator_hidden OR complement_hidden AS any_hidden,
        CASE WHEN rounded THEN 3 ELSE 2 END AS wanted_once_hidden,
        policy NOT IN ('official', 'open') AND value_status <> 'official' AND numerator IS NOT NULL AS may_be_hidden
    FROM {{ ref('rst_primary') }}
),

count AS (
    SELECT
        value_key, 'numerator' AS measure, numerator AS exact, numerator_hidden AS small, restricted_only,
        any_hidden AS withheld, most_hidden, numerator_shown AS shown, slack, least_shown, wanted_once_hidden,
        may_be_hidden, NULL AS along_key
    FROM value
    UNION ALL
    SELECT
        value_key, 'denominator', denominator, denominator_hidden, restricted_only,
        denominator_hidden OR restricted_only, {{ policy_setting('policy', 'hide_to', 7) }}, denominator_shown,
        {{ rounding_slack('denominator', 'policy') }}, least_shown, wanted_once_hidden, may_be_hidden,
        value_key || '#numerator'
    FROM value
    WHERE denominator_is_count
    UNION ALL
    SELECT
        value_key, 'complement', denominator - numerator, complement_hidden, restricted_only, TRUE,
        {{ policy_setting('policy', 'hide_to', 7) }}, NULL, 0, least_shown, wanted_once_hidden, FALSE, NULL
    FROM value
    WHERE method = 'proportion'
)

SELECT
    value_key || '#' || measure AS count_key,
    value_key, measure,
    exact::DOUBLE AS exact,
    (CASE WHEN small AND NOT restricted_only THEN 1 WHEN withheld OR exact IS NULL THEN 0 WHEN exact = 0 THEN 0
        ELSE greatest(shown - slack, least_shown) END)::DOUBLE AS low,
    (CASE WHEN small AND NOT restricted_only THEN most_hidden WHEN withheld OR exact IS NULL THEN 1e9
        ELSE shown + slack END)::DOUBLE AS high,
    (CASE WHEN small AND NOT restricted_only THEN least(wanted_once_hidden, most_hidden) ELSE 0 END)::INTEGER AS wanted,
    wanted_once_hidden::INTEGER AS wanted_once_hidden,
    (CASE WHEN small AND NOT restricted_only THEN 20 WHEN withheld OR NOT may_be_hidden THEN 'infinity'
        WHEN exact = 0 THEN 1000 ELSE 1 + sqrt(exact) END)::DOUBLE AS cost,
    along_key
FROM count
