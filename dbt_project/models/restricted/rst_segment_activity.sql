-- Grain: financial year × segment × network × quintile × measure. Events and the people behind them. An event counts
-- for the segment its person was in before it (the newest earlier snapshot, else the first one); events of nobody on
-- a list stand under `not_on_a_list`.
WITH segment AS (SELECT * FROM {{ ref('int_person_segment') }} WHERE person_key IS NOT NULL),

activity AS (SELECT * FROM {{ ref('int_hospital_activity') }} WHERE month_start IS NOT NULL),

first_seen AS (
    SELECT person_key, arg_min(struct_pack(segment, pcn_code, imd_quintile), snapshot_date) AS found
    FROM segment
    GROUP BY person_key
),

earlier AS (
    SELECT
        activity.*,
        CASE WHEN segment.segment IS NOT NULL
            THEN struct_pack(segment.segment, segment.pcn_code, segment.imd_quintile) END AS found
    FROM activity
    ASOF LEFT JOIN segment
        ON activity.person_key = segment.person_key AND activity.month_start > segment.snapshot_date
),

placed AS (
    SELECT earlier.* EXCLUDE (found), coalesce(earlier.found, first_seen.found) AS found
    FROM earlier
    LEFT JOIN first_seen ON first_seen.person_key = earlier.person_key
)

SELECT
    {{ financial_year_id('month_start') }} AS period_id,
    coalesce(found.segment, 'not_on_a_list') AS segment,
    coalesce(found.pcn_code, 'unknown') AS pcn_code,
    coalesce(found.imd_quintile, 'unknown') AS imd_quintile,
    measure,
    sum(quantity)::BIGINT AS quantity,
    count(DISTINCT coalesce(person_key, event_key)) AS people
FROM placed
GROUP BY ALL
