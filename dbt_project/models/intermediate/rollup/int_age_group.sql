-- Grain: one row per indicator and age group that it is broken down by, with its youngest and oldest age (150 for an
-- open group). Groups are made of whole five-year bands; the registry sees to it.
WITH indicator AS (SELECT indicator_id, unnest(age_groups) AS age_group FROM {{ ref('int_indicator') }})

SELECT
    indicator_id,
    age_group,
    regexp_extract(age_group, '^[0-9]+')::INTEGER AS youngest,
    coalesce(try_cast(regexp_extract(age_group, '-([0-9]+)$', 1) AS INTEGER), 150) AS oldest
FROM indicator
