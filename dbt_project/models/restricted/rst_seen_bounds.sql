-- Grain: one row per count of a value: its numerator, and where they are counts of people its denominator and, of a
-- share, the people it does not count. What a reader knows of it after primary suppression and rounding, how many
-- candidates must remain, and what hiding it would cost: little for small counts, most for a 0, which people expect. A
-- hidden count has a cost, too: that of not even telling that it is small.
-- What is not published at all (not supplied, or restricted to the partners) could be anything. A held correction is
-- hidden like a small count: it lies within 7 people of what is shown, and may not be worked out.
WITH value AS (
    SELECT
        *,
        restricted_only OR numerator_hidden OR denominator_hidden OR complement_hidden AS any_hidden,
        CASE WHEN rounded THEN 3 ELSE 2 END AS wanted_once_hidden,
        CASE WHEN in_small_group THEN 0 ELSE 1 END AS least_hidden,
        policy NOT IN ('official', 'open') AND value_status <> 'official' AND numerator IS NOT NULL AS may_be_hidden
    FROM {{ ref('rst_standing') }}
),

count AS (
    SELECT
        value_key, 'numerator' AS measure, numerator AS exact, numerator_hidden AS small, restricted_only, numerator_held AS held,
        numerator_held OR numerator_stale AS stale,
        any_hidden OR numerator_stale AS withheld, least_hidden, most_hidden, numerator_shown AS shown, slack, least_shown, wanted_once_hidden,
        may_be_hidden, NULL AS along_key
    FROM value
    UNION ALL
    SELECT
        value_key, 'denominator', denominator, denominator_hidden, restricted_only, denominator_held,
        denominator_held OR denominator_stale,
        denominator_hidden OR restricted_only OR denominator_stale, 1, {{ policy_setting('policy', 'hide_to', 7) }}, denominator_shown,
        {{ rounding_slack('denominator', 'policy') }}, least_shown, wanted_once_hidden, may_be_hidden,
        value_key || '#numerator'
    FROM value
    WHERE denominator_is_count
    UNION ALL
    SELECT
        value_key, 'complement', denominator - numerator, complement_hidden, restricted_only, complement_held,
        complement_held, TRUE, least_hidden,
        {{ policy_setting('policy', 'hide_to', 7) }}, CASE WHEN complement_held THEN denominator_shown - numerator_shown END,
        2 * slack, least_shown, wanted_once_hidden, FALSE, NULL
    FROM value
    WHERE method = 'proportion'
)

SELECT
    value_key || '#' || measure AS count_key,
    value_key, measure,
    exact::DOUBLE AS exact,
    (CASE WHEN held THEN greatest(coalesce(greatest(shown - slack, least_shown) - 7, least_shown), 1)
        WHEN small AND NOT restricted_only THEN least_hidden WHEN withheld OR exact IS NULL THEN 0 WHEN exact = 0 THEN 0
        ELSE greatest(shown - slack, least_shown) END)::DOUBLE AS low,
    (CASE WHEN held THEN coalesce(shown + slack, most_hidden) + 7
        WHEN small AND NOT restricted_only THEN most_hidden WHEN withheld OR exact IS NULL THEN 1e9
        ELSE shown + slack END)::DOUBLE AS high,
    -- A held count is not the one that is shown: one candidate more.
    (CASE WHEN held THEN wanted_once_hidden + 1
        WHEN small AND NOT restricted_only THEN least(wanted_once_hidden, most_hidden) ELSE 0 END)::INTEGER AS wanted,
    wanted_once_hidden::INTEGER AS wanted_once_hidden,
    (CASE WHEN (held OR small) AND NOT restricted_only THEN 20 WHEN withheld OR NOT may_be_hidden THEN 'infinity'
        WHEN exact = 0 THEN 1000 ELSE 1 + sqrt(exact) END)::DOUBLE AS cost,
    stale,
    along_key
FROM count
