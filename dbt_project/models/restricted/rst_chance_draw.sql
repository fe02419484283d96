-- Grain: one row per ward and replicate: the random numbers of the simulation, the same for every indicator and
-- period (each is simulated on its own, so they need not differ).
with ward as (select area_code from {{ ref('int_area') }} where area_type = 'ward'),

replicate as (select unnest(range(1, 1001))::integer as replicate),

draw as (select area_code, replicate, area_code || '/' || replicate as key from ward, replicate)

select
    area_code,
    replicate,
    {{ uniform_of_key('key') }} as uniform,
    {{ normal_of_key('key') }} as normal
from draw
