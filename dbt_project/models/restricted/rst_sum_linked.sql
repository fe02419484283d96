-- Grain: one row per published count of an indicator that is part of another, where that has the same count: deaths from
-- coronary heart disease, those from any circulatory disease of the same people and months. Nobody counted the rest by
-- itself; a reader knows that it is not below 0.
-- A rest above 20 is left out: disclosure control moves a count by 10 at most (protect.py), up or down, and never meets it.
with seen as (select * from {{ ref('rst_seen_bounds') }} where measure = 'numerator'),

value as (select value_key, indicator_id, area_code, period_id, sex, age_band from {{ ref('rst_standing') }}),

indicator as (select indicator_id, part_of from {{ ref('int_indicator') }}),

count as (
    select value.*, seen.count_key, seen.exact, indicator.part_of
    from seen
    join value on value.value_key = seen.value_key
    join indicator on indicator.indicator_id = value.indicator_id
    where seen.exact is not null
)

select
    part.indicator_id || ' in' as split,
    whole.count_key as total_key,
    part.count_key as part_key,
    part.count_key || ' rest' as rest_key
from count as part
join count as whole
    on whole.indicator_id = part.part_of
    and (whole.area_code, whole.period_id, whole.sex, whole.age_band)
        = (part.area_code, part.period_id, part.sex, part.age_band)
where whole.exact - part.exact between 0 and 20
