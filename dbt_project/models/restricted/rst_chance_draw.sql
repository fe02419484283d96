-- Grain: one row per ward and replicate: the random numbers of the simulation, the same for every indicator and
-- period (each is simulated on its own, so they need not differ).
WITH ward AS (SELECT area_code FROM {{ ref('int_area') }} WHERE area_type = 'ward'),

replicate AS (SELECT unnest(range(1, 1001))::INTEGER AS replicate),

draw AS (SELECT area_code, replicate, area_code || '/' || replicate AS key FROM ward, replicate)

SELECT
    area_code,
    replicate,
    {{ uniform_of_key('key') }} AS uniform,
    {{ normal_of_key('key') }} AS normal
FROM draw
