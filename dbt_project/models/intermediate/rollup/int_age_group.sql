-- Grain: one row per indicator and age group that it is broken down by, with its youngest and oldest age (150 for an
-- open group). Groups are made of whole five-year bands; the registry sees to it.
with indicator as (select indicator_id, unnest(age_groups) as age_group from {{ ref('int_indicator') }})

select
    indicator_id,
    age_group,
    regexp_extract(age_group, '^[0-9]+')::integer as youngest,
    coalesce(try_cast(regexp_extract(age_group, '-([0-9]+)$', 1) as integer), 150) as oldest
from indicator
